// The real crawled pages that lie beside the project, as documents of Crawl4AI.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type Doc, page } from './pages.js';

const folder = fileURLToPath(new URL('../../../../shared/pages/', import.meta.url));

/** Whether the pages are there. In CI they have to be: then nothing is skipped, and reading them fails. */
export const hasRealPages: boolean = existsSync(`${folder}index.json`) || (process.env.CI ?? '') !== '';

if (!hasRealPages) process.stdout.write(`  skipped: the real pages are not in ${folder}\n`);

/** Every page with its html, what cleaning makes of it and the text as markdown, crawled at that second. */
export async function realPages(second: number): Promise<readonly Doc[]> {
  const index = JSON.parse(await readFile(`${folder}index.json`, 'utf8')) as { file: string; url: string }[];
  return Promise.all(
    index.map(async ({ file, url }) => {
      const html = gunzipSync(await readFile(folder + file)).toString();
      const cleaned = html.replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, '').replace(/<!--[\s\S]*?-->/g, '');
      const text = cleaned
        .replace(/<[^>]+>/g, ' ')
        .replace(/[ \t\r]+/g, ' ')
        .replace(/\s*\n\s*/g, '\n');
      const title = /<title[^>]*>([^<]*)/i.exec(html)?.[1] ?? '';
      return page(url, second, {
        html,
        cleaned_html: cleaned,
        markdown: { raw_markdown: text, markdown_with_citations: text, references_markdown: '', fit_markdown: '' },
        metadata: { title, description: text.slice(0, 300) },
        response_headers: { 'content-type': 'text/html; charset=utf-8', etag: `"${file.slice(0, 16)}"` },
        links: { internal: [...html.matchAll(/href="(\/[^"]*)"/g)].map(([, href = '']) => ({ href })), external: [] },
        media: { images: [], videos: [], audios: [] },
      });
    }),
  );
}
