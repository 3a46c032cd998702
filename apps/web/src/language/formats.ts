/** How one language writes numbers, dates and plurals. */
export interface Formats {
  /** 1234.5 → `1,234.5`; at most three digits after the point. */
  number(value: number): string;
  /** 3.14159 with 2 → `3.14`: always so many digits after the point. */
  fixed(value: number, digits: number): string;
  /** `1 clip`, `3 clips`: the number, and the form of the words that goes with it. */
  counted(value: number, one: string, other: string): string;
  /** A day and a time of day, without seconds, or a day alone; what is no time is given back as it is. @param iso read as it stands: its zone is passed over */
  moment(iso: string): string;
  /** A day, from `YYYY-MM-DD` and whatever follows. */
  day(iso: string): string;
}

const dayAlone = /^\d{4}-\d\d-\d\d$/;

/** @param dates the language by whose rules dates are written, where it is another */
export function formatsOf(language: string, dates = language): Formats {
  const numbers = new Intl.NumberFormat(language);
  const plurals = new Intl.PluralRules(language);
  // What a camera's clock shows has no zone: it goes through UTC untouched.
  const day = { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'UTC' } as const;
  const days = new Intl.DateTimeFormat(dates, day);
  const moments = new Intl.DateTimeFormat(dates, { ...day, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const written = (format: Intl.DateTimeFormat, iso: string) => {
    const at = Date.parse(dayAlone.test(iso) ? iso : `${iso.slice(0, 16)}Z`);
    return Number.isNaN(at) ? iso : format.format(at);
  };
  return {
    number: (value) => numbers.format(value),
    fixed: (value, digits) =>
      value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    counted: (value, one, other) => `${numbers.format(value)} ${plurals.select(value) === 'one' ? one : other}`,
    moment: (iso) => (dayAlone.test(iso) ? written(days, iso) : written(moments, iso)),
    day: (iso) => written(days, iso.slice(0, 10)),
  };
}
