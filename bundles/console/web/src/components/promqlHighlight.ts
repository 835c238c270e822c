import { tagHighlighter, tags } from '@lezer/highlight';

/** Classes for the parts of an expression; styles.css gives them their colours in both themes. */
export const promqlHighlighter = tagHighlighter([
  { tag: tags.function(tags.variableName), class: 'tok-function' },
  { tag: tags.variableName, class: 'tok-metric' },
  { tag: tags.labelName, class: 'tok-label' },
  { tag: tags.string, class: 'tok-string' },
  { tag: tags.number, class: 'tok-number' },
  { tag: tags.keyword, class: 'tok-keyword' },
  { tag: tags.operator, class: 'tok-operator' },
  { tag: tags.comment, class: 'tok-comment' },
  { tag: [tags.paren, tags.squareBracket, tags.brace], class: 'tok-dim' },
  { tag: tags.invalid, class: 'tok-invalid' },
]);
