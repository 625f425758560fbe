// Crawled HTML is hostile. It is shown behind four walls, each of which would do: it is sanitized to text and structure;
// its frame is sandboxed without any permission; its document has a policy that allows no request at all; and this page's
// own policy, which the frame inherits, lets no frame go anywhere.
import DOMPurify from 'dompurify';
import { h } from './dom.js';

/** By the build: the style of previews, and the policy that names it by its hash. */
declare const PREVIEW_STYLE: string;
declare const PREVIEW_POLICY: string;

const forbidden = {
  FORBID_TAGS: [
    'style',
    'form',
    'input',
    'button',
    'textarea',
    'select',
    'option',
    'dialog',
    'video',
    'audio',
    'source',
    'track',
    'picture',
    'svg',
    'math',
    'map',
    'area',
    'template',
    'slot',
  ],
  FORBID_ATTR: [
    'href',
    'srcset',
    'style',
    'class',
    'id',
    'name',
    'action',
    'target',
    'ping',
    'background',
    'poster',
    'tabindex',
    'autofocus',
    'contenteditable',
    'popover',
    'accesskey',
    'usemap',
  ],
  ALLOW_DATA_ATTR: false,
  USE_PROFILES: { html: true },
};

/** Markup for a frame is made here and nowhere else; the page's policy knows this name. */
const policy = (globalThis as { trustedTypes?: TrustedTypesFactory }).trustedTypes?.createPolicy('crawlgate-preview', {
  createHTML: (text) => text,
});

interface TrustedTypesFactory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): { createHTML(text: string): unknown };
}

/** The frame, its document written into it. */
export function previewFrame(html: string): HTMLElement {
  // The sandbox stands before there is anything in it.
  const frame = h('iframe', {
    class: 'preview',
    title: 'Preview of the stored page',
    sandbox: '',
    referrerpolicy: 'no-referrer',
    loading: 'eager',
  });
  const markup = documentOf(html);
  frame.srcdoc = (policy?.createHTML(markup) ?? markup) as string;
  return frame;
}

function documentOf(html: string): string {
  const body = DOMPurify.sanitize(html, { ...forbidden, RETURN_DOM: true });
  if (!(body instanceof HTMLElement)) throw new TypeError('a sanitized page has a body');
  for (const image of body.querySelectorAll('img')) {
    if (image.src.startsWith('data:image/') && !image.src.startsWith('data:image/svg')) continue;
    image.replaceWith(h('span', { title: image.getAttribute('src') }, image.alt === '' ? '▢' : `▢ ${image.alt}`));
  }
  return [
    '<!doctype html><html lang="und"><head><meta charset="utf-8">',
    `<meta http-equiv="content-security-policy" content="${PREVIEW_POLICY}">`,
    '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light">',
    `<title>Preview</title><style>${PREVIEW_STYLE}</style></head><body><main>`,
    body.innerHTML,
    '</main></body></html>',
  ].join('');
}
