/** Rows as text, columns as wide as their widest cell; columns whose heading ends in a space are set to the right. */
export function textTable(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const all = [headings.map((heading) => heading.trimEnd()), ...rows.map((row) => row.map(String))];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (headings[column]?.endsWith(' ') === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd();
  return all.map(line).join('\n');
}
