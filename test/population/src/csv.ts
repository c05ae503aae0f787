/** One CSV line, quoted where it has to be. */
export const csvLine = (fields: readonly (string | number | null)[]): string =>
  `${fields.map((field) => quoted(field === null ? '' : String(field))).join(',')}\r\n`;

const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
