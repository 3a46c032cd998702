import { availableParallelism, totalmem } from 'node:os';
import { backboneFamilies, defaultWeightsDir, listWeights } from '@primatrix/backbones';
import type { PrimatrixError } from '@primatrix/contracts';
import type { Family } from '@primatrix/families';
import { tryDevices } from '@primatrix/onnx';
import { tools } from '@primatrix/video';
import { Command } from 'commander';
import { nodeRelease } from '../node-release.ts';
import { exitStatus } from '../terminal/exit-status.ts';
import { installedFamilies } from '../installed-families.ts';
import type { Session } from '../terminal/session.ts';

interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'missing';
  readonly says: string;
  /** What to do about it; empty when all is well. */
  readonly advice: string;
}

/** `primatrix doctor`: what works on this machine. */
export function doctorCommand(session: Session): Command {
  return new Command('doctor')
    .description(
      'Checks Node, ffmpeg, XGBoost, weights, families and what they need on a machine, and tries each device with a ' +
        'small model.',
    )
    .option('--json', 'print one JSON array')
    .addHelpText('after', '\nExample:\n  $ primatrix doctor')
    .action(async (options: { json?: true }) => {
      const installed = await installedFamilies();
      const findings = [
        node(),
        machine(),
        ...(await ffmpeg()),
        ...(await preparations(installed)),
        ...(await engine()),
        await weights(installed),
        families(installed),
      ];
      if (findings.some((finding) => finding.state === 'missing')) session.status = exitStatus.failed;
      if (options.json) {
        console.log(JSON.stringify(findings, null, 2));
        return;
      }
      for (const { what, state, says, advice } of findings) {
        console.log(
          `${state.padEnd(7)}  ${what.padEnd(9)}  ${says}${advice === '' ? '' : `\n${' '.repeat(20)}${advice}`}`,
        );
      }
    });
}

function node(): Finding {
  const version = process.versions.node;
  return { what: 'node', says: version, ...nodeRelease(version, new Date().toISOString().slice(0, 10)) };
}

function machine(): Finding {
  const gigabytes = totalmem() / 2 ** 30;
  const enough = gigabytes >= 4;
  return {
    what: 'machine',
    state: enough ? 'ok' : 'warning',
    says: `${availableParallelism()} cores, ${gigabytes.toFixed(0)} GB`,
    advice: enough ? '' : 'training wants 4 GB',
  };
}

async function ffmpeg(): Promise<Finding[]> {
  try {
    return (await tools()).map(({ name, path, version, origin, warning }) => ({
      what: name,
      state: warning === null ? 'ok' : 'warning',
      says: `${version} (${origin}) ${path}`,
      advice: warning ?? '',
    }));
  } catch (error) {
    return [
      {
        what: 'ffmpeg',
        state: 'missing',
        says: (error as Error).message,
        advice: 'install ffmpeg, or set FFMPEG_PATH and FFPROBE_PATH',
      },
    ];
  }
}

/** What families need beside their packages: it is made here, if it is not there yet. */
async function preparations(installed: readonly Family[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { preparation } of installed) {
    if (preparation === undefined) continue;
    const { name: what } = preparation;
    try {
      const missing = await preparation.missing();
      if (missing !== undefined) {
        const advice = 'members that need it are left out of trainings and predictions, which say so';
        findings.push({ what, state: 'warning', says: missing, advice });
        continue;
      }
      findings.push({ what, state: 'ok', says: await preparation.run(), advice: '' });
    } catch (error) {
      const { message, hint = '' } = error as PrimatrixError;
      findings.push({ what, state: 'warning', says: message, advice: hint });
    }
  }
  return findings;
}

/** Each device that `--device` may name: whether it computes, and the same as the CPU. */
async function engine(): Promise<Finding[]> {
  return (await tryDevices()).map(({ device, works, says, advice }) => ({
    what: device,
    // Nothing works without a CPU; all works without the others.
    state: works ? 'ok' : device === 'cpu' ? 'missing' : 'warning',
    says: works ? `--device ${device} works` : `--device ${device} does not work: ${says}`,
    advice,
  }));
}

async function weights(installed: readonly Family[]): Promise<Finding> {
  const backbones = backboneFamilies(installed).map(({ backbone }) => backbone.name);
  const cards = (await listWeights(defaultWeightsDir())).filter(({ backbone }) => backbones.includes(backbone));
  const says = cards.length === 0 ? 'none imported' : cards.map((card) => card.backbone).join(', ');
  return {
    what: 'weights',
    state: cards.length === 0 ? 'warning' : 'ok',
    says,
    advice:
      cards.length === 0
        ? 'backbones start untrained; import ImageNet weights with: primatrix weights pull <backbone>'
        : '',
  };
}

function families(installed: readonly Family[]): Finding {
  return {
    what: 'families',
    state: 'ok',
    says: installed.map(({ name, version }) => `${name} ${version}`).join(', '),
    advice: '',
  };
}
