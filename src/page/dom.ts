// Elements in one expression. Text is always text: nothing here makes markup of a string.

/** What an element holds; null and false hold nothing. */
export type Child = Node | string | null | false;

type Value = string | number | boolean | null | ((event: Event) => void);

/** Makes an element. `onclick` and the like take functions, true is an empty attribute, false and null leave it out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Value>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

/** Replaces all that an element holds. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}

/** Adds at the end. */
export function append(element: Element, children: readonly Child[]): void {
  for (const child of children) if (child !== null && child !== false) element.append(child);
}

/** The element of the document that has this id; the page's own HTML holds it. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element;
}

/** Says something to a screen reader that is plain to the eye. */
export function say(text: string): void {
  byId('said').textContent = text;
}

/** A heading that takes the focus where a view begins, so that a screen reader reads on from there. */
export function heading(text: string): HTMLHeadingElement {
  return h('h1', { tabindex: '-1' }, text);
}
