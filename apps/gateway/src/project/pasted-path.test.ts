import { expect, it } from 'vitest';
import { pastedPath } from './pasted-path.ts';

it.each([
  ['/media/card', '/media/card'],
  ["  '/media/my card' ", '/media/my card'],
  ['"/media/my card"', '/media/my card'],
  ['“/media/card”', '/media/card'],
  ['~', '/home/ana'],
  ['~/Videos', '/home/ana/Videos'],
  ['"~/my videos"', '/home/ana/my videos'],
  ['~other/x', '~other/x'],
  ['file:///media/my%20card', '/media/my card'],
  ['file://%', 'file://%'],
  ['/media/my\\ card\\ \\(2\\)', '/media/my card (2)'],
  ['C:\\cards\\camera 7', 'C:\\cards\\camera 7'],
  ["/media/it's", "/media/it's"],
])('%s is %s', (text, path) => expect(pastedPath(text, '/home/ana')).toBe(path));
