import { RotateCcw } from 'lucide-react';
import { useDeferredValue, useRef, useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { ApiProblem } from '../../../sdk/problem.ts';
import { client } from '../../app/api.ts';
import { useMe } from '../../app/permissions.ts';
import { formatDollars } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { QueryView } from '../../ui/states.tsx';
import type { DealAnswer } from './deal-answer.ts';
import { DealFigures } from './deal-figures.tsx';
import { DealForm } from './deal-form.tsx';
import { dealBody, type Typed, wrongFields } from './deal-inputs.ts';
import { keepTyped, readTyped } from './deal-typed.ts';
import { priceWords } from './price-words.ts';
import type { Property } from './property-query.ts';
import { usePropertyAnswer } from './queries.ts';
import { Section } from './section.tsx';

/** The deal worked out at a price, with every assumption open to change; what is typed stays in this tab. */
export function DealPart({ property }: { property: Property }) {
  const me = useMe().data?.user?.id ?? 'nobody';
  const name = `${me}.${property.id}`;
  const [changed, setChanged] = useState<Typed>();
  const typed = changed ?? readTyped(name);
  const setTyped = (next: Typed) => {
    keepTyped(name, next);
    setChanged(next);
  };
  const isTouched = Object.values(typed).some((text) => text.trim() !== '');
  return (
    <Section
      name="deal"
      title="The deal"
      about="Worked out by the API at this price. Change any assumption: it is a what-if, kept in this tab alone."
      actions={
        isTouched && (
          <Button size="small" icon={<RotateCcw size={14} aria-hidden="true" />} onClick={() => setTyped({})}>
            As it was
          </Button>
        )
      }
    >
      <Worked property={property} typed={typed} onType={(path, text) => setTyped({ ...typed, [path]: text })} />
    </Section>
  );
}

function Worked({
  property,
  typed,
  onType,
}: {
  property: Property;
  typed: Typed;
  onType: (path: string, text: string) => void;
}) {
  const settled = useDeferredValue(typed);
  const { body, wrong } = dealBody(property.id, settled);
  const isRight = Object.keys(wrong).length === 0;
  const answer = usePropertyAnswer(
    property.id,
    ['deal', body],
    async () => (await take(client.POST('/api/v1/deals/calculate', { body }))) as unknown as DealAnswer,
    { enabled: isRight, keepsPrevious: true },
  );
  const last = useRef<DealAnswer | undefined>(undefined);
  if (answer.data !== undefined) last.current = answer.data;
  const refused = answer.error instanceof ApiProblem && answer.error.status === 400 ? wrongFields(answer.error) : {};
  const problems: Record<string, string> = { ...refused, ...wrong };
  const isOfBefore = Object.keys(problems).length > 0;
  return (
    <>
      {isOfBefore && last.current ? (
        <>
          <p role="alert" className="error-text">
            {problems[''] ?? 'One of the inputs below cannot be used.'} These figures are still those of before.
          </p>
          <Figures data={last.current} />
        </>
      ) : (
        <QueryView query={answer} label="The deal" lines={6}>
          {(data) => <Figures data={data} />}
        </QueryView>
      )}
      <DealForm
        answer={last.current}
        medianRent={property.median_rent}
        typed={typed}
        wrong={problems}
        onType={onType}
      />
    </>
  );
}

function Figures({ data }: { data: DealAnswer }) {
  if (data.price === null) {
    return (
      <p className="muted">
        No price is known to work it out at: neither asked, nor paid, nor assessed. Type one under “Bought for”.
      </p>
    );
  }
  return (
    <>
      <p className="small muted">
        At {formatDollars(data.price)} ({priceWords(data.price_kind).note}), the market as of {data.as_of}.
      </p>
      <DealFigures deal={data.deal} price={data.price} />
    </>
  );
}
