/** Lines of each icon on a field of 24 by 24, drawn with a round pen of 2.5. */
const lines = {
  check: 'M5 13l5 5L19 7',
  corrected: 'M5 11a7 7 0 1 1 1.5 6.5M5 5v6h6',
  blank: 'M12 4a8 8 0 1 0 .01 0M6.5 17.5l11-11',
  question: 'M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.3M12 18.5v.1',
  warning: 'M12 4L3 20h18zM12 10v4M12 17v.1',
  pencil: 'M5 19l1-4L16.5 4.5l3 3L9 18z',
  differ: 'M4 9h14l-4-4M20 15H6l4 4',
  close: 'M6 6l12 12M18 6L6 18',
} as const;

/** Which icons there are. */
export type IconName = keyof typeof lines;

/** A small picture in the colour and size of the words beside it; what it means stands there in words, too. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={lines[name]} />
    </svg>
  );
}
