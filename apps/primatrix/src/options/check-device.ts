import { UsageError } from '@primatrix/contracts';
import { devices, tryDevice, tryDevices } from '@primatrix/onnx';

/**
 * Tries the device that `--device` names, before hours of work that would come to nothing on it, or would be done by
 * the CPU in silence.
 * @throws UsageError DEVICE where it does not compute, with what to do
 */
export async function checkDevice(device: string): Promise<void> {
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
