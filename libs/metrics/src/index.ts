export { confusionMatrix } from './confusion.ts';
export type { ConfusionMatrix } from './confusion.ts';
export { logLoss, logLossPerClass, shareLogLoss } from './log-loss.ts';
export { MetricsError } from './predictions.ts';
export type { MetricsErrorCode, ScoredPredictions } from './predictions.ts';
export { accuracy, averagePrecision, topK } from './ranking.ts';
export { brierScore, brierScorePerClass, reliability } from './reliability.ts';
export type { Reliability, ReliabilityBin, ReliabilityCurve } from './reliability.ts';
