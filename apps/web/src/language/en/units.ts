import { counted } from './formats.ts';

/** Amounts with their units; numbers come rounded, and written as the language does. */
export const units = {
  percent: (value: string) => `${value} %`,
  lessThan: (amount: string) => `< ${amount}`,
  moreThan: (amount: string) => `> ${amount}`,
  points: (value: number) => counted(value, 'point', 'points'),
  days: (value: number) => `${value} d`,
  hours: (value: number) => `${value} h`,
  minutes: (value: number) => `${value} min`,
  seconds: (value: string) => `${value} s`,
  milliseconds: (value: string) => `${value} ms`,
  megabytes: (value: string) => `${value} MB`,
  gigabytes: (value: string) => `${value} GB`,
  before: (time: string) => `${time} before`,
  after: (time: string) => `${time} after`,
  underAMinute: 'Less than a minute',
  about: (time: string) => `About ${time}`,
  underAMinuteLeft: 'less than a minute left',
  minutesLeft: (value: number) => `about ${counted(value, 'minute', 'minutes')} left`,
  hoursLeft: (value: number) => `about ${counted(value, 'hour', 'hours')} left`,
  daysLeft: (value: number) => `about ${counted(value, 'day', 'days')} left`,
};
