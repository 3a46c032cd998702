import { say } from '../language/language.ts';

/** 0.873 → `87 %`; tiny and nearly certain shares are not rounded to what they are not. */
export function percent(share: number): string {
  const { units } = say;
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return units.lessThan(units.percent('1'));
  if (rounded === 100 && share < 1) return units.moreThan(units.percent('99'));
  return units.percent(String(rounded));
}

/** 0.873 and 0.021 → `87 ± 2 %`. @param error null where nothing can be said of it */
export function percentOff(share: number, error: number | null, digits = 0): string {
  const value = say.fixed(share * 100, digits);
  return say.units.percent(error === null ? value : `${value} ± ${say.fixed(error * 100, digits)}`);
}

/** 0.61 → `61 points`: how far two shares lie apart. */
export function points(difference: number): string {
  return say.units.points(Math.round(difference * 100));
}

/** 95 → `1 min 35 s`; the two largest units only. */
export function duration(seconds: number): string {
  const { units } = say;
  const whole = Math.max(0, Math.round(seconds));
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor((whole % 86_400) / 3600),
    Math.floor((whole % 3600) / 60),
  ];
  if (days > 0) return `${units.days(days)} ${units.hours(hours)}`;
  if (hours > 0) return `${units.hours(hours)} ${units.minutes(minutes)}`;
  const rest = units.seconds(String(whole % 60));
  return minutes > 0 ? `${units.minutes(minutes)} ${rest}` : rest;
}

/** 63.2 → `1:03`: a moment in a clip. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

/** The telling end of a clip's name. */
export function baseName(filename: string): string {
  return filename.slice(filename.lastIndexOf('/') + 1);
}

/** What stands before {@link baseName}, with its slash. */
export function folderOf(filename: string): string {
  return filename.slice(0, filename.lastIndexOf('/') + 1);
}

/** Milliseconds between two clips, for people: `12 min before`. */
export function apart(ms: number): string {
  const time = duration(Math.abs(ms) / 1000);
  return ms < 0 ? say.units.before(time) : say.units.after(time);
}

/** 12,000 → `About 3 h 20 min`: what a whole run takes. */
export function timeNeeded(seconds: number): string {
  const { units } = say;
  if (seconds < 60) return units.underAMinute;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return units.about(units.minutes(minutes));
  return units.about(minutes % 60 === 0 ? units.hours(minutes / 60) : duration(minutes * 60));
}

/** 3,660,092 → `3.5 MB`. */
export function bytes(size: number): string {
  const megabytes = size / 2 ** 20;
  if (megabytes >= 1024) return say.units.gigabytes(say.fixed(megabytes / 1024, 1));
  return say.units.megabytes(say.fixed(megabytes, megabytes < 10 ? 1 : 0));
}

/** As {@link bytes}; what is hardly anything is not rounded to nothing. */
export function diskSpace(size: number): string {
  const least = 2 ** 20 / 10;
  return size < least ? say.units.lessThan(bytes(least)) : bytes(size);
}

/** 725 → `about 12 minutes left`: as people say it, the rounder the longer. */
export function timeLeft(seconds: number): string {
  const { units } = say;
  if (seconds < 50) return units.underAMinuteLeft;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return units.minutesLeft(minutes);
  const hours = seconds / 3600;
  return hours < 36 ? units.hoursLeft(Math.round(hours)) : units.daysLeft(Math.round(hours / 24));
}

/** 0.0123 → `12 ms`, 3.456 → `3.5 s`. */
export function cost(seconds: number): string {
  const { units } = say;
  if (seconds < 0.001) return units.lessThan(units.milliseconds('1'));
  if (seconds < 1) return units.milliseconds(String(Math.round(seconds * 1000)));
  return seconds < 60 ? units.seconds(say.fixed(seconds, 1)) : duration(seconds);
}

/** 4.24 → `4.2 clips`: two digits, or all before the point. */
export function rate(clips: number): string {
  return say.counts.clips(clips >= 10 ? Math.round(clips) : Number(clips.toPrecision(2)));
}

/** A class as people know it: those that detectors tell apart, and blank clips, have names in every language. */
export function speciesName(species: string): string {
  const { classes } = say.names;
  return Object.hasOwn(classes, species) ? classes[species as keyof typeof classes] : species;
}

/** The class that somebody means who wrote its name in their language. */
export function speciesNamed(text: string): string {
  return Object.entries(say.names.classes).find(([, name]) => name === text.toLowerCase())?.[0] ?? text;
}

/** Names of classes, one after the other. */
export function speciesList(species: readonly string[]): string {
  return species.map(speciesName).join(', ');
}
