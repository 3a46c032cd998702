import type { Texts } from '../en/index.ts';
import { counted } from './formats.ts';

export const units: Texts['units'] = {
  percent: (value) => `${value} %`,
  lessThan: (amount) => `< ${amount}`,
  moreThan: (amount) => `> ${amount}`,
  points: (value) => counted(value, 'point', 'points'),
  days: (value) => `${value} j`,
  hours: (value) => `${value} h`,
  minutes: (value) => `${value} min`,
  seconds: (value) => `${value} s`,
  milliseconds: (value) => `${value} ms`,
  megabytes: (value) => `${value} Mo`,
  gigabytes: (value) => `${value} Go`,
  before: (time) => `${time} avant`,
  after: (time) => `${time} après`,
  underAMinute: 'Moins d’une minute',
  about: (time) => `Environ ${time}`,
  underAMinuteLeft: 'moins d’une minute restante',
  minutesLeft: (value) => `encore ${counted(value, 'minute', 'minutes')} environ`,
  hoursLeft: (value) => `encore ${counted(value, 'heure', 'heures')} environ`,
  daysLeft: (value) => `encore ${counted(value, 'jour', 'jours')} environ`,
};
