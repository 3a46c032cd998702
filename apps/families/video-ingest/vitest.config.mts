import { packageTests } from '../../../vitest.shared.mts';

export default packageTests('video-ingest', import.meta.dirname);
