import { packageTests } from '../../vitest.shared.mts';

export default packageTests('onnx', import.meta.dirname);
