import { useId, useState } from 'react';
import { TextField } from '../../ui/field.tsx';

/** A market by name: typing narrows the list. */
export function MarketPicker({
  names,
  market,
  onChange,
}: {
  names: readonly string[];
  market: string;
  onChange: (market: string) => void;
}) {
  const listId = useId();
  const [text, setText] = useState(market);
  const isKnown = names.includes(text);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onChange(text.trim());
      }}
    >
      <TextField
        label="Market"
        list={listId}
        value={text}
        autoComplete="off"
        error={text !== '' && !isKnown && names.length > 0 ? 'Choose one of the list' : undefined}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setText(event.target.value);
          if (names.includes(event.target.value)) onChange(event.target.value);
        }}
      />
      <datalist id={listId}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </form>
  );
}
