// A sample page as markdown: whole, with citations and their list, and its main part alone, as Crawl4AI's generator does.
import type { Block } from './blocks.js';
import { parseInline } from './inline.js';
import type { SamplePage, SampleSite } from './page.js';
import { resolveHref } from './render-html.js';

/** The whole page, navigation and footer included. */
export function renderRawMarkdown(page: SamplePage, blocks: readonly Block[]): string {
  const { site } = page;
  return [
    site.name,
    site.navigation.map(([text, href]) => `  * [${text}](${resolveHref(site, href)})`).join('\n'),
    renderFitMarkdown(page, blocks).trimEnd(),
    `${renderLine(site, site.footer)}\n`,
  ].join('\n\n');
}

/** The main part alone. */
export function renderFitMarkdown(page: SamplePage, blocks: readonly Block[]): string {
  return `${[`# ${page.title}`, ...blocks.map((block) => renderBlock(page.site, block))].join('\n\n')}\n`;
}

/** The markdown with numbers in place of addresses, and the numbered list of the addresses. */
export function withCitations(markdown: string): { readonly text: string; readonly references: string } {
  const numbers = new Map<string, number>();
  const lines: string[] = [];
  const text = markdown.replaceAll(
    /(!?)\[([^\]]*)\]\((\S+?)(?: "([^"]*)")?\)/g,
    (_, bang: string, label: string, href: string, title: string | undefined) => {
      let number = numbers.get(href);
      if (number === undefined) {
        number = numbers.size + 1;
        numbers.set(href, number);
        const words = [title, label].filter((word) => word !== undefined && word !== '').join(' - ');
        lines.push(`⟨${number}⟩ ${href}${words === '' ? '' : `: ${words}`}\n`);
      }
      return bang === '' ? `${label}⟨${number}⟩` : `![${label}⟨${number}⟩]`;
    },
  );
  return { text, references: lines.length === 0 ? '' : `\n\n## References\n\n${lines.join('')}` };
}

function renderBlock(site: SampleSite, block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `## ${renderLine(site, block.text)}`;
    case 'paragraph':
      return renderLine(site, block.text);
    case 'quote':
      return `> ${renderLine(site, block.text)}`;
    case 'list':
      return block.items
        .map((item, index) => `  ${block.ordered ? `${index + 1}.` : '*'} ${renderLine(site, item)}`)
        .join('\n');
    case 'code':
      return `\`\`\`${block.language}\n${block.text}\n\`\`\``;
    case 'table':
      return [
        ...(block.caption === '' ? [] : [`${block.caption}\n`]),
        renderRow(site, block.headers),
        block.headers.map(() => '---').join(' | '),
        ...block.rows.map((row) => renderRow(site, row)),
      ].join('\n');
    case 'image':
      return `![${block.alt}](${resolveHref(site, block.src)})\n${block.caption}`.trimEnd();
    // The generator has no markdown for players.
    case 'video':
    case 'audio':
      return block.caption;
  }
}

function renderRow(site: SampleSite, cells: readonly string[]): string {
  return cells.map((cell) => renderLine(site, cell)).join(' | ');
}

function renderLine(site: SampleSite, line: string): string {
  return parseInline(line)
    .map((piece) => {
      switch (piece.kind) {
        case 'text':
          return piece.text;
        case 'strong':
          return `**${piece.text}**`;
        case 'emphasis':
          return `_${piece.text}_`;
        case 'code':
          return `\`${piece.text}\``;
        case 'link': {
          const title = piece.title === '' ? '' : ` "${piece.title}"`;
          return `[${piece.text}](${resolveHref(site, piece.href)}${title})`;
        }
      }
      return piece satisfies never;
    })
    .join('');
}
