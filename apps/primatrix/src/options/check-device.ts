import { UsageError } from '@primatrix/contracts';
import type { Command } from 'commander';
import { longName } from './option-tree.ts';

/**
 * Tries the device that `--device` names, before hours of work that would come to nothing on it, or would be done by the CPU
 * in silence.
 * @throws UsageError DEVICE where it does not compute, with what to do
 */
export async function checkDevice(command: Command): Promise<void> {
  const option = command.options.find((candidate) => longName(candidate) === 'device');
  const device: unknown = option === undefined ? undefined : command.getOptionValue(option.attributeName());
  if (typeof device !== 'string' || device === 'cpu') return;
  const { devices, tryDevice, tryDevices } = await import('@primatrix/onnx');
  const asked = devices.find((name) => name === device);
  if (asked === undefined) return;
  const trial = await tryDevice(asked);
  if (trial.works) return;
  const working = (await tryDevices()).flatMap(({ device: name, works }) => (works ? [name] : []));
  throw new UsageError('DEVICE', `--device ${device}: it does not work here: ${trial.says}`, {
    hint: `${trial.advice}; what works here: ${working.join(', ')}`,
    fields: { device },
  });
}
