import { spawnSync } from 'node:child_process';
import { LightgbmBuildError } from '../errors.ts';

/** How this platform's library is compiled, linked and named. */
export interface Toolchain {
  /** File name of the shared library. */
  readonly libraryName: string;
  readonly compile: readonly string[];
  readonly link: readonly string[];
  /** Linker arguments that must follow the objects. */
  readonly linkLast: readonly string[];
}

/**
 * Voting-parallel training over several machines is compiled in, because the library refers to it, but this binding
 * never runs it; unoptimised it takes a quarter of the time. Its object must be linked last: of inline functions that
 * several objects hold, the linker keeps the first copy.
 */
export const unoptimisedUnits: readonly string[] = ['src/treelearner/voting_parallel_tree_learner.cpp'];

/**
 * The flags of LightGBM's CMakeLists.txt for a Release build, without warnings. Linux is tested; macOS (clang with
 * Homebrew's libomp) and Windows (MinGW) follow the same file but are not.
 */
export function toolchainFor(platform: NodeJS.Platform, arch: string): Toolchain {
  const compile = [
    '-std=c++11',
    '-O3',
    '-funroll-loops',
    '-pthread',
    '-w',
    '-DUSE_SOCKET',
    '-DEIGEN_MPL2_ONLY',
    '-DEIGEN_DONT_PARALLELIZE',
  ];
  if (arch === 'x64') compile.push('-DMM_PREFETCH', '-DMM_MALLOC');
  if (platform === 'darwin') {
    const prefix = arch === 'arm64' ? '/opt/homebrew/opt/libomp' : '/usr/local/opt/libomp';
    return {
      libraryName: 'lib_lightgbm.dylib',
      compile: [...compile, '-fPIC', '-Xpreprocessor', '-fopenmp', `-I${prefix}/include`],
      link: ['-dynamiclib', '-pthread'],
      linkLast: [`-L${prefix}/lib`, '-lomp'],
    };
  }
  if (platform === 'win32') {
    return {
      libraryName: 'lib_lightgbm.dll',
      compile: [...compile, '-fopenmp', '-DWIN_HAS_INET_PTON'],
      link: ['-shared', '-fopenmp', '-pthread', '-static-libgcc', '-static-libstdc++'],
      linkLast: ['-lws2_32', '-liphlpapi'],
    };
  }
  return {
    libraryName: 'lib_lightgbm.so',
    compile: [...compile, '-fPIC', '-fopenmp'],
    link: ['-shared', '-fopenmp', '-pthread'],
    linkLast: [],
  };
}

/** The C++ compiler's command: `CXX` if set, else the first of c++, g++, clang++ that answers. */
export function findCompiler(environment: NodeJS.ProcessEnv = process.env): string {
  const asked = environment['CXX'];
  const candidates = asked === undefined || asked === '' ? ['c++', 'g++', 'clang++'] : [asked];
  for (const candidate of candidates) {
    if (spawnSync(candidate, ['--version'], { stdio: 'ignore', env: environment }).status === 0) return candidate;
  }
  throw new LightgbmBuildError(`no C++ compiler answers (tried ${candidates.join(', ')})`, {
    hint: 'Install one (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++; macOS: xcode-select --install and brew install libomp), or set CXX to its command.',
  });
}
