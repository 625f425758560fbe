// Crawled pages are hostile. What is shown of them runs nothing, loads nothing, goes nowhere.
import type { Browser, Frame } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { describeWithChromium } from './chromium.js';
import { setTrap, type Trap, type Visitor, visit } from './page-world.js';

vi.setConfig({ testTimeout: 120_000 });

const url = 'https://evil.example/';
const address = (tab: string): string => `/?url=${encodeURIComponent(url)}&tab=${tab}`;

/** Every way out that HTML has; `trap` is where each would lead. */
function hostileHtml(trap: string): string {
  return `<!doctype html><html><head><base href="${trap}/base/">
    <meta http-equiv="refresh" content="0;url=${trap}/refresh">
    <meta http-equiv="content-security-policy" content="default-src *; script-src * 'unsafe-inline'">
    <link rel="stylesheet" href="${trap}/style.css"><link rel="preload" as="script" href="${trap}/preload">
    <link rel="dns-prefetch" href="${trap}"><link rel="preconnect" href="${trap}"><link rel="icon" href="${trap}/icon">
    <link rel="prerender" href="${trap}/prerender"><link rel="manifest" href="${trap}/manifest">
    <style>@import url(${trap}/import.css); body { background: url(${trap}/background) } @font-face { font-family: x; src: url(${trap}/font) } p { font-family: x }</style>
    <script>top.pwned = 1; parent.postMessage('out', '*'); fetch('${trap}/fetch')</script><script src="${trap}/script.js"></script>
    </head><body onload="top.pwned = 2" background="${trap}/body" style="background-image: url(${trap}/inline)">
    <p id="seen">The text is seen.</p>
    <img src="${trap}/img" srcset="${trap}/img2 2x" onerror="top.pwned = 3"><img src=x onerror=top.pwned=4>
    <img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='${trap}/svg-data'/></svg>">
    <picture><source srcset="${trap}/picture"><img src="${trap}/picture2"></picture>
    <svg><script>top.pwned = 5</script><image href="${trap}/svg" /><use href="${trap}/use#x" /><a href="javascript:top.pwned=6"><text>x</text></a></svg>
    <math><mtext><table><mglyph><style><img src=x onerror="top.pwned = 7"></style></mglyph></table></mtext></math>
    <iframe src="${trap}/iframe"></iframe><iframe srcdoc="<script>top.pwned = 8</script>"></iframe>
    <object data="${trap}/object"></object><embed src="${trap}/embed"><frame src="${trap}/frame">
    <video src="${trap}/video" poster="${trap}/poster" autoplay></video><audio src="${trap}/audio" autoplay></audio>
    <form action="${trap}/form" target="_top"><input autofocus onfocus="top.pwned = 9" type="image" src="${trap}/image-button"><button>Send</button></form>
    <a class="way-out" href="${trap}/link">A link</a> <a class="way-out" href="${trap}/top" target="_top">To the top</a>
    <a class="way-out" href="${trap}/blank" target="_blank" ping="${trap}/ping">A window</a>
    <a class="way-out" href="javascript:top.pwned=10">Script</a> <a class="way-out" href="${trap}/download" download>File</a>
    <map name="m"><area href="${trap}/area"></map><body onpageshow="top.pwned = 11"><template><script>top.pwned = 12</script></template>
    <details open ontoggle="top.pwned = 13"><summary>Open</summary>x</details><marquee onstart="top.pwned = 14">x</marquee>
    <noscript><p title="</noscript><img src=x onerror=top.pwned=15>"></noscript><plaintext>`;
}

/** The same for Markdown, whose authors may write HTML. */
function hostileMarkdown(trap: string): string {
  return [
    '# The text is seen',
    'A [page](https://fine.example/ "title") of somebody.',
    '[script](javascript:window.pwned=1) [data](data:text/html,<script>window.pwned=2</script>) [vb](vbscript:x)',
    `![picture](${trap}/md-img "x" ) ![x](x"onerror="window.pwned=3)`,
    `<img src=x onerror="window.pwned=4"><script>window.pwned=5</script><svg onload="window.pwned=6"></svg>`,
    `<iframe src="${trap}/md-iframe"></iframe><style>body { background: url(${trap}/md-style) }</style>`,
    `<a href="java&#x09;script:window.pwned=7" onclick="window.pwned=8" id="main" name="said" class="skip" style="position:fixed;inset:0">all over</a>`,
    `<form action="${trap}/md-form"><input id="search" autofocus onfocus="window.pwned=9"></form>`,
    `<div role="alert" data-within>x</div><math><mtext></form><form><mglyph><style></math><img src onerror=window.pwned=10>`,
    '<details open ontoggle="window.pwned=11"><summary>s</summary></details>',
    `[ref]: javascript:window.pwned=12\n\n[ref]\n\n<${trap}/autolink> <javascript:window.pwned=13>`,
    `<a href="/graphql">a link of its own site</a>`,
  ].join('\n\n');
}

describeWithChromium('a hostile page', (launch) => {
  let browser: Browser;
  let gateway: StartedGateway;
  let trap: Trap;
  let visitor: Visitor;

  beforeAll(async () => {
    trap = await setTrap();
    gateway = await startGateway();
    const results = [
      {
        url,
        success: true,
        statusCode: 200,
        html: hostileHtml(trap.origin),
        metadata: { title: '<img src=x onerror="window.pwned=20">' },
        markdown: { rawMarkdown: hostileMarkdown(trap.origin) },
        links: {
          internal: [{ href: 'javascript:window.pwned=21', text: '<b onclick="window.pwned=22">x</b>' }],
          external: [{ href: `${trap.origin}/listed`, text: 'listed' }],
        },
        media: {
          images: [{ src: `${trap.origin}/media`, alt: '<script>window.pwned=23</script>' }],
          videos: [],
          audios: [],
        },
      },
    ];
    const put = await gateway.ask(
      'mutation ($results: [CrawlResultInput!]!) { cacheCrawlResults(results: $results) { stored error { message } } }',
      { results },
    );
    expect(put.data?.cacheCrawlResults).toMatchObject([{ stored: true }]);
    browser = await launch();
    visitor = await visit(browser, gateway);
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
    await trap?.[Symbol.asyncDispose]();
  });

  /** The page is where it was, whole, and nothing got out. */
  async function unharmed(tab: string): Promise<void> {
    const { page } = visitor;
    expect(page.url()).toBe(visitor.origin + address(tab));
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(visitor.context.pages()).toHaveLength(1);
    expect(trap.caught).toEqual([]);
    expect(visitor.elsewhere).toEqual([]);
  }

  async function preview(): Promise<Frame> {
    const element = await visitor.page.locator('iframe.preview').elementHandle();
    const frame = await element?.contentFrame();
    if (frame == null) throw new Error('there is no preview');
    return frame;
  }

  it('is previewed as text: no script, no request, no other frame within', async () => {
    await visitor.open(address('preview'));
    const frame = await preview();
    await frame.getByText('The text is seen.').waitFor();
    expect(await visitor.page.locator('iframe').count()).toBe(1);
    expect(await visitor.page.locator('iframe').getAttribute('sandbox')).toBe('');
    expect(frame.childFrames()).toEqual([]);
    const left = await frame
      .locator('script, iframe, frame, object, embed, form, input, button, video, svg, math')
      .count();
    expect(left).toBe(0);
    await unharmed('preview');
  });

  it('has links that lead nowhere, by mouse and by keyboard', async () => {
    const frame = await preview();
    const links = frame.locator('a');
    expect(await links.count()).toBeGreaterThanOrEqual(5);
    for (const link of await links.all()) await link.click();
    await frame.locator('body').press('Tab');
    await visitor.page.keyboard.press('Enter');
    expect(frame.url()).toBe('about:srcdoc');
    await unharmed('preview');
  });

  it('is rendered as Markdown without what its author smuggled into it', async () => {
    await visitor.open(address('markdown'));
    const prose = visitor.page.locator('.prose');
    await prose.getByText('The text is seen').waitFor();
    const tags = await prose.locator('*').evaluateAll((all) => [...new Set(all.map(({ tagName }) => tagName))]);
    for (const tag of ['SCRIPT', 'STYLE', 'IFRAME', 'IMG', 'SVG', 'FORM', 'INPUT', 'MATH'])
      expect(tags).not.toContain(tag);
    const attributes = await prose.locator('*').evaluateAll((all) => all.flatMap((one) => one.getAttributeNames()));
    expect(attributes.filter((name) => /^on|^(id|name|style|target|src|ping)$/.test(name))).toEqual([]);
    const hrefs = await prose.locator('a[href]').evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    expect(hrefs.length).toBeGreaterThan(0);
    for (const href of hrefs) expect(href).toMatch(/^\/\?url=https?%3A/);
    expect(await visitor.page.locator('#main').count()).toBe(1);
    await unharmed('markdown');
  });

  it('is told of in source, links and media, and stays text there', async () => {
    for (const tab of ['source', 'links', 'media', 'versions']) {
      await visitor.open(address(tab));
      await visitor.page.locator('#panel[aria-labelledby]:not([aria-busy])').waitFor();
      await unharmed(tab);
    }
    expect(await visitor.page.locator('h1').innerText()).toBe('<img src=x onerror="window.pwned=20">');
  });
});
