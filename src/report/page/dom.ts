// Elements, made with text and attributes and never with markup: what is written by others is text, whatever it holds.
// In: names, attributes, children. Out: elements. Must not know what is shown.

import { visible } from '../visible.ts';

export type Child = Node | string | null | false | readonly Child[];

type Listener = (event: Event) => void;

/** Attributes by name; listeners by `on…`; `false`, `null`: it is left out; `true`: it is there without a value. */
export type Props = Readonly<Record<string, string | number | boolean | null | Listener>>;

function append(parent: Element, child: Child): void {
  if (child === null || child === false) return;
  if (typeof child === 'string') parent.append(document.createTextNode(visible(child)));
  else if (child instanceof Node) parent.append(child);
  else for (const one of child) append(parent, one);
}

function setAll(element: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** An element of HTML. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  setAll(element, props);
  append(element, children);
  return element;
}

/** An element of SVG. */
export function s(name: string, props: Props = {}, ...children: readonly Child[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  setAll(element, props);
  append(element, children);
  return element;
}

/** A name or message of others, whose direction of writing ends with it. */
export const bdi = (text: string): HTMLElement => h('bdi', {}, text);

/** Replaces what is in an element. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}

async function copyText(text: string, button: HTMLButtonElement): Promise<void> {
  const said = button.textContent ?? '';
  const tell = (words: string) => {
    button.textContent = words;
    setTimeout(() => {
      button.textContent = said;
    }, 1500);
  };
  try {
    await navigator.clipboard.writeText(text);
    tell('Copied');
  } catch {
    tell('Not allowed here');
  }
}

/** A button that copies a text. */
export function copyButton(text: string, label: string): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'quiet', 'aria-label': label }, 'Copy');
  button.addEventListener('click', () => void copyText(text, button));
  return button;
}

/** SQL or another text of several lines, to be read and copied. */
export function code(text: string, label: string): HTMLElement {
  return h(
    'div',
    { class: 'code' },
    h('pre', { tabindex: 0, role: 'group', 'aria-label': label }, h('code', {}, text)),
    copyButton(text, `Copy ${label}`),
  );
}

/** More of a long list, on demand. */
export function inPieces<T>(list: readonly T[], size: number, draw: (one: T) => Node): readonly Node[] {
  const button = h('button', { type: 'button', class: 'more' });
  let shown = 0;
  const next = (): readonly Node[] => {
    const piece = list.slice(shown, shown + size).map(draw);
    shown += piece.length;
    const left = list.length - shown;
    button.textContent = `Show ${Math.min(left, size)} more of ${left}`;
    button.hidden = left === 0;
    return piece;
  };
  button.addEventListener('click', () => button.before(...next()));
  return [...next(), button];
}
