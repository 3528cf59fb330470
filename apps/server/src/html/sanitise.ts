/**
 * A formatted body as it may be stored: an allowed set of elements, attributes, addresses and styles, and nothing else. What
 * is not in it goes, its text stays, except where the text was never meant to be read. The shape of the document survives,
 * so that a table of another program is a table still.
 *
 * It is the first of two walls: what is shown stands in a frame that runs and loads nothing whatever is in it.
 */
import { convert, type HtmlToTextOptions } from 'html-to-text'
import sanitizeHtml, { type IOptions } from 'sanitize-html'

export interface FormattedBody {
  readonly html: string
  /** The same in words, for lists, search and clients that show no HTML. */
  readonly text: string
}

/** Deeper than any letter; parsers and browsers recurse. */
const nesting = 60
const absolute = /^(?:https?:\/\/[^/\\]|mailto:|tel:)/i
const image = /^(?:https?:\/\/[^/\\]|cid:|data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+$)/i

const colour = /^(?:[a-z]{3,30}|#[0-9a-f]{3,8}|(?:rgb|hsl)a?\([\d\s.,%/]{1,40}\))$/i
const length = /^(?:0|\d{1,4}(?:\.\d{1,3})?(?:px|pt|em|rem|%))$/i
const lengths = /^(?:(?:0|auto|\d{1,4}(?:\.\d{1,3})?(?:px|pt|em|rem|%))\s?){1,4}$/i
const border =
  /^(?:(?:\d{1,2}(?:\.\d{1,2})?px|thin|medium|thick|none|solid|dashed|dotted|double|[a-z]{3,20}|#[0-9a-f]{3,8})\s?){1,3}$/i
const word = /^[a-z-]{1,24}$/i

/** None of them takes an address, moves an element over another, or hides it. */
const styles = {
  color: [colour],
  'background-color': [colour],
  'font-family': [/^[\w\s,"'-]{1,200}$/],
  'font-size': [
    /^(?:[6-9]|[1-6]\d|7[0-2])(?:\.\d{1,2})?(?:px|pt)$/,
    /^[1-4](?:\.\d{1,2})?r?em$/,
    /^(?:x{0,2}-)?(?:small|large)|medium|smaller|larger$/,
  ],
  'font-style': [word],
  'font-weight': [/^(?:normal|bold|bolder|lighter|[1-9]00)$/],
  'line-height': [/^(?:normal|[1-3](?:\.\d{1,2})?|1\d\d%)$/],
  'list-style-type': [word],
  'text-align': [/^(?:left|right|center|justify|start|end)$/],
  'text-decoration': [/^(?:none|underline|line-through)$/],
  'vertical-align': [word],
  'white-space': [/^(?:normal|pre|pre-wrap|pre-line)$/],
  ...Object.fromEntries(['padding', 'margin'].flatMap(each => sidesOf(each, lengths))),
  ...Object.fromEntries(sidesOf('border', border)),
  'border-collapse': [/^(?:collapse|separate)$/],
  width: [length],
  'max-width': [length],
  height: [length],
}

function sidesOf(property: string, pattern: RegExp): [string, RegExp[]][] {
  return ['', '-top', '-right', '-bottom', '-left'].map(side => [property + side, [pattern]])
}

const cell = ['colspan', 'rowspan', 'align', 'valign', 'width', 'height', 'bgcolor']

const options: IOptions = {
  allowedTags: [
    ...['p', 'div', 'span', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'code', 'center'],
    ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'b', 'strong', 'i', 'em', 'u', 's', 'del', 'ins', 'sub', 'sup', 'small'],
    ...['mark', 'kbd', 'samp', 'abbr', 'a', 'img', 'figure', 'figcaption', 'table', 'caption', 'colgroup', 'col'],
    ...['thead', 'tbody', 'tfoot', 'tr', 'td', 'th'],
  ],
  // What stands in these is code, a form's state or another document, and no words of the letter.
  nonTextTags: [
    ...[
      'script',
      'style',
      'textarea',
      'option',
      'select',
      'noscript',
      'template',
      'iframe',
      'object',
      'embed',
      'svg',
      'math',
    ],
    ...['title', 'head', 'xmp', 'noembed', 'noframes', 'plaintext', 'listing', 'audio', 'video', 'canvas', 'applet'],
  ],
  allowedAttributes: {
    '*': ['dir', 'lang', 'style', 'title'],
    a: ['href', 'rel', 'target'],
    img: ['src', 'alt', 'width', 'height'],
    ol: ['start', 'type', 'reversed'],
    li: ['value'],
    table: ['width', 'align', 'border', 'cellpadding', 'cellspacing', 'bgcolor'],
    col: ['span', 'width'],
    colgroup: ['span', 'width'],
    tr: ['align', 'valign', 'bgcolor'],
    td: cell,
    th: [...cell, 'scope'],
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['http', 'https', 'cid', 'data'] },
  allowProtocolRelative: false,
  allowedStyles: { '*': styles },
  nestingLimit: nesting,
  transformTags: {
    a: (tagName, { href, title = '', dir, lang, style }) => ({
      tagName,
      attribs: {
        // One that names no place of its own would lead into whatever shows it.
        ...(href !== undefined &&
          absolute.test(href.trim()) && { href: href.trim(), rel: 'noopener noreferrer nofollow', target: '_blank' }),
        ...(title !== '' && { title }),
        ...(dir !== undefined && { dir }),
        ...(lang !== undefined && { lang }),
        ...(style !== undefined && { style }),
      },
    }),
    font: (_, { color, face }) => ({
      tagName: 'span',
      attribs: { style: `${color ? `color: ${color};` : ''}${face ? `font-family: ${face}` : ''}` },
    }),
  },
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !image.test((attribs['src'] ?? '').trim()),
}

const words: HtmlToTextOptions = {
  wordwrap: false,
  limits: { maxDepth: nesting },
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } },
    { selector: 'img', format: 'inlineAlt' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map(selector => ({ selector, options: { uppercase: false } })),
    { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
  ],
  formatters: {
    inlineAlt: (element, _walk, builder) => {
      const alt: unknown = element.attribs?.alt
      if (typeof alt === 'string' && alt !== '') builder.addInline(`[${alt}]`)
    },
  },
}

/** Of what is sanitised already it makes the same again. */
export function sanitise(html: string): FormattedBody {
  const clean = sanitizeHtml(html, options).trim()
  return { html: clean, text: convert(clean, words).trim() }
}
