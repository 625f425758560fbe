// A sample page as HTML: the whole document, the document as Crawl4AI cleans it, and its main part alone.
import type { Block } from './blocks.js';
import { parseInline } from './inline.js';
import { type SamplePage, type SampleSite, urlOf } from './page.js';

/** The document as the server sent it. */
export function renderDocument(page: SamplePage, blocks: readonly Block[]): string {
  const { site } = page;
  const url = urlOf(page);
  const meta: (readonly [attribute: string, name: string, content: string | undefined])[] = [
    ['name', 'viewport', 'width=device-width, initial-scale=1'],
    ['name', 'description', page.description],
    ['name', 'keywords', page.keywords],
    ['name', 'author', page.author],
    ['property', 'og:title', page.title],
    ['property', 'og:description', page.description],
    ['property', 'og:type', 'website'],
    ['property', 'og:url', url],
    ['property', 'og:site_name', site.name],
    ['property', 'og:image', page.image === undefined ? undefined : resolveHref(site, page.image)],
  ];
  return [
    '<!DOCTYPE html>',
    `<html lang="${page.language ?? site.language}"${page.direction === undefined ? '' : ` dir="${page.direction}"`}>`,
    '<head>',
    '<meta charset="utf-8">',
    `<title>${escapeHtml(documentTitle(page))}</title>`,
    ...meta.flatMap(([attribute, name, content]) =>
      content === undefined ? [] : [`<meta ${attribute}="${name}" content="${escapeHtml(content)}">`],
    ),
    `<link rel="canonical" href="${escapeHtml(url)}">`,
    '<link rel="stylesheet" href="/assets/site.css">',
    `<script type="application/ld+json">${JSON.stringify({ '@context': 'https://schema.org', '@type': 'WebPage', name: page.title, url })}</script>`,
    '<script src="/assets/site.js" defer></script>',
    '</head>',
    `<body class="page page--${site.language}">`,
    `<header class="site-header">\n<p class="site-name">${escapeHtml(site.name)}</p>\n<nav class="site-nav" aria-label="Main">\n<ul>`,
    ...site.navigation.map(
      ([text, href]) => `<li class="site-nav__item"><a href="${escapeHtml(href)}">${escapeHtml(text)}</a></li>`,
    ),
    '</ul>\n</nav>\n</header>',
    `<main id="content" class="content">\n${renderMain(page, blocks)}\n</main>`,
    `<footer class="site-footer">\n<p>${renderInline(site.footer)}</p>\n</footer>`,
    '<noscript><p>Opening hours are updated by a script.</p></noscript>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** The document without head, scripts and presentation, as Crawl4AI's `cleaned_html`. */
export function renderCleaned(page: SamplePage, blocks: readonly Block[]): string {
  const { site } = page;
  return [
    `<header>\n<p>${escapeHtml(site.name)}</p>\n<nav>\n<ul>`,
    ...site.navigation.map(([text, href]) => `<li><a href="${escapeHtml(href)}">${escapeHtml(text)}</a></li>`),
    '</ul>\n</nav>\n</header>',
    `<main>\n${withoutPresentation(renderMain(page, blocks))}\n</main>`,
    `<footer>\n<p>${renderInline(site.footer)}</p>\n</footer>`,
  ].join('\n');
}

/** The main part alone, as a content filter leaves it. */
export function renderFit(page: SamplePage, blocks: readonly Block[]): string {
  return `<div>${withoutPresentation(renderMain(page, blocks))}</div>`;
}

/** The title as the document's head has it. */
export function documentTitle(page: SamplePage): string {
  return page.title === page.site.name ? page.title : `${page.title} – ${page.site.name}`;
}

/** A link's address as a whole URL. The path is taken as it is written, as the samples' keys are. */
export function resolveHref(site: SampleSite, href: string): string {
  return href.startsWith('/') ? site.origin + href : href;
}

function renderMain(page: SamplePage, blocks: readonly Block[]): string {
  return [`<h1>${escapeHtml(page.title)}</h1>`, ...blocks.map(renderBlock)].join('\n');
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h2 class="section-title">${renderInline(block.text)}</h2>`;
    case 'paragraph':
      return `<p>${renderInline(block.text)}</p>`;
    case 'quote':
      return `<blockquote class="pull-quote"><p>${renderInline(block.text)}</p></blockquote>`;
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul';
      return [`<${tag}>`, ...block.items.map((item) => `<li>${renderInline(item)}</li>`), `</${tag}>`].join('\n');
    }
    case 'code':
      return `<pre><code class="language-${block.language}">${escapeHtml(block.text)}\n</code></pre>`;
    case 'table':
      return [
        '<table class="data-table">',
        ...(block.caption === '' ? [] : [`<caption>${escapeHtml(block.caption)}</caption>`]),
        `<thead><tr>${block.headers.map((cell) => `<th class="data-table__head">${renderInline(cell)}</th>`).join('')}</tr></thead>`,
        '<tbody>',
        ...block.rows.map(
          (row) => `<tr class="data-table__row">${row.map((cell) => `<td>${renderInline(cell)}</td>`).join('')}</tr>`,
        ),
        '</tbody>',
        '</table>',
      ].join('\n');
    case 'image': {
      const width = block.width === null ? '' : ` width="${block.width}"`;
      return `<figure class="figure"><img src="${escapeHtml(block.src)}" alt="${escapeHtml(block.alt)}"${width}><figcaption>${escapeHtml(block.caption)}</figcaption></figure>`;
    }
    case 'video':
    case 'audio':
      return `<${block.kind} class="player" controls src="${escapeHtml(block.src)}" title="${escapeHtml(block.alt)}"></${block.kind}>`;
  }
}

function renderInline(line: string): string {
  return parseInline(line)
    .map((piece) => {
      const text = escapeHtml(piece.text);
      switch (piece.kind) {
        case 'text':
          return text;
        case 'strong':
          return `<strong>${text}</strong>`;
        case 'emphasis':
          return `<em>${text}</em>`;
        case 'code':
          return `<code>${text}</code>`;
        case 'link': {
          const title = piece.title === '' ? '' : ` title="${escapeHtml(piece.title)}"`;
          return `<a href="${escapeHtml(piece.href)}"${title}>${text}</a>`;
        }
      }
      return piece satisfies never;
    })
    .join('');
}

function withoutPresentation(html: string): string {
  return html.replaceAll(/(<[a-z0-9]+)((?: [a-z]+="[^"]*"| controls)*)>/g, (_, tag: string, attributes: string) => {
    return `${tag}${attributes.replaceAll(/ (?:class="[^"]*"|controls)/g, '')}>`;
  });
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
