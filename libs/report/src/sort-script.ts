/**
 * Makes the heads of `table.sortable` pressable. Without scripts, and on paper, the tables are as they are; buttons
 * come with the script, so that none is there that does nothing. Rows without a value stay last either way.
 */
export const sortScript = `for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const now = head.getAttribute('aria-sort');
      const way = now === null ? head.dataset.first : now === 'ascending' ? 'descending' : 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', way);
      const sign = way === 'ascending' ? 1 : -1;
      const numbers = head.classList.contains('n');
      const keyed = [...table.tBodies[0].rows].map((row) => {
        const cell = row.cells[column];
        const value = numbers ? cell.dataset.value : cell.textContent.trim();
        return { row, key: value === '' ? null : numbers ? Number(value) : value };
      });
      keyed.sort((a, b) => {
        if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
        return sign * (numbers ? a.key - b.key : a.key.localeCompare(b.key));
      });
      table.tBodies[0].append(...keyed.map(({ row }) => row));
    });
  });
}`;
