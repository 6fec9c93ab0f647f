import { useState } from 'react';

/**
 * What is typed into a field whose value lies in the address. The text follows the address when it changes by other means
 * (Back, a saved search), and stays as it is typed when the change is the field's own: call `give` with what was given.
 */
export function useSyncedText(value: string): {
  text: string;
  setText: (text: string) => void;
  give: (given: string) => void;
} {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const [given, give] = useState<string>();
  if (seen !== value) {
    setSeen(value);
    give(undefined);
    if (value !== given) setText(value);
  }
  return { text, setText, give };
}
