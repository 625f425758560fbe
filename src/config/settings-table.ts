// The list of all settings as people read it, for docs/settings.md.
import { settingTexts } from './kinds.js';
import { settings } from './settings.js';

export interface SettingRow {
  readonly names: readonly string[];
  readonly default: string;
  readonly bounds: string;
  readonly description: string;
}

/** One row per setting, in the order of docs/settings.md. */
export const settingsTable: readonly SettingRow[] = Object.values(settings.shape).flatMap((schema) => {
  const text = settingTexts.get(schema);
  return text === undefined
    ? []
    : [{ names: text.names, default: text.default, bounds: text.bounds, description: text.description }];
});

/** The table in Markdown, without a line break at its end. */
export function renderSettingsTable(): string {
  const rows = settingsTable.map((row) =>
    [row.names.map((name) => `\`${name}\``).join(' or '), row.default, row.bounds, row.description].map(escapeCell),
  );
  return [['Variable', 'Default', 'Value', 'Meaning'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
