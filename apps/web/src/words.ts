/** 0.873 → `87 %`; tiny and nearly certain shares are not rounded to what they are not. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return '< 1 %';
  if (rounded === 100 && share < 1) return '> 99 %';
  return `${rounded} %`;
}

/** 95 → `1 min 35 s`; the two largest units only. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [days, hours, minutes] = [Math.floor(whole / 86_400), Math.floor((whole % 86_400) / 3600), Math.floor((whole % 3600) / 60)];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** Time as the camera stated it: without its zone nobody knows another. */
export function moment(iso: string): string {
  return iso.replace('T', ' ').slice(0, 16);
}

export function count(number: number, word: string): string {
  return `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
}

/** Milliseconds between two clips, for people: `12 min before`. */
export function apart(ms: number): string {
  return `${duration(Math.abs(ms) / 1000)} ${ms < 0 ? 'before' : 'after'}`;
}
