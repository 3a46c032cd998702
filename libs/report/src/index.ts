export { renderReport } from './render-report.ts';
export type { LearningCurve, ReportData, ReportMember, ReportScores } from './report-data.ts';
