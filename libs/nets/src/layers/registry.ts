import type { LayerOf, PlainLayerSpec } from '../layer-spec.ts';
import { activation } from './activation.ts';
import { attentionPooling } from './attention-pooling.ts';
import { batchNormalization } from './batch-normalization.ts';
import { convLstm2d } from './conv-lstm.ts';
import { conv } from './conv.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { frameStatistics } from './frame-statistics.ts';
import { globalAveragePooling, globalMaxPooling } from './global-pooling.ts';
import { gru } from './gru.ts';
import type { Layer } from './layer.ts';
import { lstm } from './lstm.ts';
import { maxPooling } from './max-pooling.ts';
import { flatten, reshape } from './reshape.ts';
import { rescaling } from './rescaling.ts';

type Registry = { readonly [T in PlainLayerSpec['type']]: Layer<LayerOf<T>> };

const layers: Registry = {
  Activation: activation,
  AttentionPooling1D: attentionPooling,
  BatchNormalization: batchNormalization,
  Conv1D: conv,
  Conv2D: conv,
  Conv3D: conv,
  ConvLSTM2D: convLstm2d,
  Dense: dense,
  Dropout: dropout,
  Flatten: flatten,
  FrameStatistics: frameStatistics,
  GRU: gru,
  GlobalAveragePooling1D: globalAveragePooling,
  GlobalMaxPooling1D: globalMaxPooling,
  LSTM: lstm,
  MaxPooling1D: maxPooling,
  MaxPooling2D: maxPooling,
  MaxPooling3D: maxPooling,
  Rescaling: rescaling,
  Reshape: reshape,
};

/** The implementation of a layer's class. */
export function layerOf(spec: PlainLayerSpec): Layer<PlainLayerSpec> {
  // Each implementation reads its own settings only, and the schema has checked that these are they.
  return layers[spec.type] as Layer<PlainLayerSpec>;
}
