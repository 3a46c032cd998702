import { isFactoryTime } from '@primatrix/video';
import { dateOrders, type DateOrder, type StampText } from './stamp-text.ts';

/**
 * When pictures of one study were taken, as far as their stamps tell. Where day and month could be either, the stamps that
 * allow one order only decide for all, if there are such and they agree: one day after the 12th is enough. Clocks that were
 * never set tell no time.
 * @param order said by somebody who knows; default: as above
 * @returns `YYYY-MM-DDTHH:MM:SS` by the camera's clock, or null, in the order of the stamps
 */
export function settleTimes(stamps: readonly Pick<StampText, 'times'>[], order?: DateOrder): (string | null)[] {
  const known = order ?? orderOf(stamps);
  return stamps.map(({ times }) => {
    const possible = new Set(Object.values(times));
    const time = possible.size === 1 && order === undefined ? [...possible][0] : known && times[known];
    return time === undefined || isFactoryTime(time) ? null : time;
  });
}

/** The order that some stamps need and none forbids. */
function orderOf(stamps: readonly Pick<StampText, 'times'>[]): DateOrder | undefined {
  const needed = dateOrders.filter((order) =>
    stamps.some(({ times }) => times[order] !== undefined && Object.keys(times).length === 1),
  );
  return needed.length === 1 ? needed[0] : undefined;
}
