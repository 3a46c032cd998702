import { mergeConfig } from 'vitest/config';
import { packageTests } from '../vitest.shared.mts';

export default mergeConfig(packageTests('test', import.meta.dirname), { test: { include: ['**/*.test.ts'] } });
