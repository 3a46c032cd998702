/** Names as the model formats of LightGBM and XGBoost allow them: no white space or punctuation, each once. */
export function columnNames(columns: readonly string[]): string[] {
  return columns.map((name, column) => `${column}_${name.replaceAll(/[^\w.-]+/g, '_')}`);
}
