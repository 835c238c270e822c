import { useEffect, useRef } from 'react';
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewline } from '@codemirror/commands';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { lintKeymap } from '@codemirror/lint';
import { EditorState, Prec, type Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { basePath } from '../api/base';
import { promqlHighlighter } from './promqlHighlight';
import './PromqlEditor.css';

interface Props {
  value: string;
  onChange: (value: string) => void;
  /** Enter or Ctrl-Enter was pressed; Shift-Enter starts a new line instead. */
  onExecute: (value: string) => void;
  autoFocus?: boolean;
}

export function PromqlEditor(props: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  // The editor is made once; its key bindings must reach what the newest render passed.
  const callbacks = useRef(props);
  callbacks.current = props;

  useEffect(() => {
    if (host.current === null) return;
    const promql = new PromQLExtension().setComplete({ remote: { url: basePath().replace(/\/$/, '') } });
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: callbacks.current.value,
        selection: { anchor: callbacks.current.value.length },
        extensions: [editing, promql.asExtension(), executeKeys(callbacks), changes(callbacks)],
      }),
    });
    view.current = editor;
    if (callbacks.current.autoFocus) editor.focus();
    return () => {
      editor.destroy();
      promql.destroy();
    };
  }, []);

  // A change from outside, such as going back in the history, replaces the text; the user's own typing is there already.
  useEffect(() => {
    const editor = view.current;
    if (editor !== null && editor.state.doc.toString() !== props.value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: props.value } });
    }
  }, [props.value]);

  return <div ref={host} className="promql-editor" />;
}

type Callbacks = { current: Props };

function executeKeys(callbacks: Callbacks): Extension {
  const run = (editor: EditorView) => {
    callbacks.current.onExecute(editor.state.doc.toString());
    return true;
  };
  return [
    // Ctrl-Enter runs even while a completion is offered; plain Enter then takes the completion.
    Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
    keymap.of([
      { key: 'Shift-Enter', run: insertNewline },
      ...completionKeymap,
      { key: 'Enter', run },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...lintKeymap,
    ]),
  ];
}

function changes(callbacks: Callbacks): Extension {
  return EditorView.updateListener.of((update) => {
    if (update.docChanged) callbacks.current.onChange(update.state.doc.toString());
  });
}

const editing: Extension = [
  history(),
  bracketMatching(),
  closeBrackets(),
  autocompletion({ icons: true }),
  syntaxHighlighting(promqlHighlighter),
  EditorView.lineWrapping,
  placeholder('PromQL expression: Enter runs it, Shift-Enter starts a new line'),
  EditorView.contentAttributes.of({ 'aria-label': 'PromQL expression' }),
];
