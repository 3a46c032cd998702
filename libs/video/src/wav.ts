import { writeFileAtomic } from '@primatrix/files';

const headerBytes = 44;

/** Writes mono 16-bit samples ([n], -32,768..32,767) as a RIFF/WAVE file, atomically. */
export async function writeWav(path: string, samples: Int16Array, sampleRate: number): Promise<void> {
  const header = Buffer.alloc(headerBytes);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(headerBytes - 8 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // channels
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.byteLength, 40);
  await writeFileAtomic(path, [header, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)]);
}
