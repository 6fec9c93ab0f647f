import { Link } from '@tanstack/react-router';
import { House, Search, TrendingUp } from 'lucide-react';
import { api } from '../../app/api.ts';
import { formatDollars } from '../../lib/format.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { ErrorState, Loading } from '../../ui/states.tsx';
import { isPropertyId } from './deal-sums.ts';
import styles from './market.module.css';
import type { Deal } from './tool-answers.ts';

/** The property that a deal's reference names, and where to go on from the deal. */
export function DealProperty({ deal }: { deal: Deal }) {
  const { home_ref: ref, market } = deal;
  return (
    <section className="stack" aria-label="The property">
      <h3>The property</h3>
      {isPropertyId(ref) ? <KnownProperty id={ref} /> : <FoundProperty reference={ref} />}
      <Link className={styles.onward} to="/market/trend" search={{ market }}>
        <TrendingUp size={16} aria-hidden />
        Prices and stock of {market}
      </Link>
    </section>
  );
}

function KnownProperty({ id }: { id: string }) {
  const query = api.useQuery('get', '/api/v1/properties/{id}', { params: { path: { id } } }, { retry: false });
  if (query.isPending) return <Loading lines={1} label="Looking for the property" />;
  if (query.isError) return <NotHere reference={id} />;
  const { address, status, list_price: price } = query.data;
  return <Found id={id} address={address} status={status} price={price} />;
}

/** A feed names a home as it likes: by parcel number or address, as a rule. */
function FoundProperty({ reference }: { reference: string }) {
  const q = `"${reference.replaceAll('"', ' ')}"`;
  const query = api.useQuery('get', '/api/v1/properties/search', { params: { query: { q, limit: 2 } } });
  if (query.isPending) return <Loading lines={1} label="Looking for the property" />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const [first, second] = query.data.properties;
  if (first === undefined) return <NotHere reference={reference} />;
  if (second !== undefined) {
    return (
      <Link className={styles.onward} to="/properties" search={{ q }}>
        <Search size={16} aria-hidden />
        Several properties have “{reference}”: choose in the list
      </Link>
    );
  }
  return <Found id={first.id} address={first.address} status={first.status} price={first.list_price} />;
}

function Found(props: { id: string; address: string | null; status: string; price: number | null }) {
  const { id, address, status, price } = props;
  return (
    <>
      <p className="row">
        <StatusBadge status={status} /> {price === null ? 'No asking price' : `Asks ${formatDollars(price)}`}
      </p>
      <Link className={styles.onward} to="/properties/$propertyId" params={{ propertyId: id }}>
        <House size={16} aria-hidden />
        Open {address ?? 'the property'}
      </Link>
    </>
  );
}

function NotHere({ reference }: { reference: string }) {
  return (
    <p className="muted">
      No property here has the reference “{reference}”: the deal came from a market feed alone.{' '}
      <Link to="/upload">Upload a file</Link> that has it as parcel number, and its memo, comparables and outreach stand
      here.
    </p>
  );
}
