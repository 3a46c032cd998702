/** 0.873 → `87 %`; tiny and nearly certain shares are not rounded to what they are not. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return '< 1 %';
  if (rounded === 100 && share < 1) return '> 99 %';
  return `${rounded} %`;
}

/** 0.61 → `61 points`: how far two shares lie apart. */
export function points(difference: number): string {
  return count(Math.round(difference * 100), 'point');
}

/** 95 → `1 min 35 s`; the two largest units only. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor((whole % 86_400) / 3600),
    Math.floor((whole % 3600) / 60),
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** 63.2 → `1:03`: a moment in a clip. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

/** Time as the camera stated it: without its zone nobody knows another. */
export function moment(iso: string): string {
  return iso.replace('T', ' ').slice(0, 16);
}

/** The telling end of a clip's name. */
export function baseName(filename: string): string {
  return filename.slice(filename.lastIndexOf('/') + 1);
}

/** What stands before {@link baseName}, with its slash. */
export function folderOf(filename: string): string {
  return filename.slice(0, filename.lastIndexOf('/') + 1);
}

export function count(number: number, word: string, several = `${word}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? word : several}`;
}

/** Milliseconds between two clips, for people: `12 min before`. */
export function apart(ms: number): string {
  return `${duration(Math.abs(ms) / 1000)} ${ms < 0 ? 'before' : 'after'}`;
}

/** 12,000 → `About 3 h 20 min`: what a whole run takes. */
export function timeNeeded(seconds: number): string {
  return seconds < 60
    ? 'Less than a minute'
    : `About ${duration(seconds < 3600 ? Math.round(seconds / 60) * 60 : seconds)}`.replace(/ 0 (s|min)$/, '');
}

/** 3,660,092 → `3.5 MB`. */
export function bytes(size: number): string {
  const megabytes = size / 2 ** 20;
  if (megabytes >= 1024) return `${(megabytes / 1024).toFixed(1)} GB`;
  return `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`;
}

/** 725 → `about 12 minutes left`: as people say it, the rounder the longer. */
export function timeLeft(seconds: number): string {
  if (seconds < 50) return 'less than a minute left';
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${count(minutes, 'minute')} left`;
  const hours = seconds / 3600;
  if (hours < 36) return `about ${count(Math.round(hours), 'hour')} left`;
  return `about ${count(Math.round(hours / 24), 'day')} left`;
}

/** 0.0123 → `12 ms`, 3.456 → `3.5 s`. */
export function cost(seconds: number): string {
  if (seconds < 0.001) return '< 1 ms';
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : duration(seconds);
}

/** 4.24 → `4.2 clips`: two digits, or all before the point. */
export function rate(clips: number): string {
  return count(clips >= 10 ? Math.round(clips) : Number(clips.toPrecision(2)), 'clip');
}
