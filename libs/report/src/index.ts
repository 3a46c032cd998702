export { renderReport } from './render-report.ts';
export type {
  Epoch,
  Estimate,
  LearningCurve,
  ReliabilityCurve,
  ReportBackground,
  ReportData,
  ReportImportance,
  ReportMember,
  ReportMistake,
  ReportReliability,
  ReportSite,
  ReportSiteCheck,
  ReportThresholds,
} from './report-data.ts';
