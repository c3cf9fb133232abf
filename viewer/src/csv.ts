// Tables for other programs.

/** A cell that a spreadsheet takes for a formula is a way to run commands there. */
function cell(value: string | number): string {
  if (typeof value === 'number') {
    return String(value);
  }
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => row.map(cell).join(',') + '\r\n').join('');
}

/** Tab-separated, for pasting. */
export function toTabs(rows: readonly (readonly (string | number)[])[]): string {
  return rows
    .map((row) => row.map((value) => String(value).replaceAll(/[\t\r\n]/g, ' ')).join('\t'))
    .join('\n');
}
