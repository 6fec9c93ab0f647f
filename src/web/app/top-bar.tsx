import { Link, useNavigate } from '@tanstack/react-router';
import { LogOut, Moon, Search, Sun } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { formatAgo, formatMoment } from '../lib/format.ts';
import { Button } from '../ui/button.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';
import { type LiveState, POLL_MS, useLiveState } from './live.ts';
import { NotificationsButton } from './notifications.tsx';
import { useMe } from './permissions.ts';
import { forgetAnswers } from './query.tsx';
import { endSession, useSession } from './session.ts';
import { useTheme } from './theme.ts';
import styles from './top-bar.module.css';

/** Search, how live the screen is, notifications, theme, and the way out. */
export function TopBar() {
  const { data: me } = useMe();
  const session = useSession();
  const signOut = async () => {
    const userId = session?.session.user.id;
    await endSession();
    if (userId !== undefined) await forgetAnswers(userId);
  };
  return (
    <header className={styles.bar}>
      <SearchBox />
      <LiveMark />
      <NotificationsButton />
      <ThemeButton />
      <Link to="/settings" className={styles.person} title={`${session?.session.user.email}: your profile`}>
        <span className="cut">{session?.session.user.name}</span>
        <span className="small muted cut">{me?.tenant.name}</span>
      </Link>
      <Button
        variant="quiet"
        aria-label="Sign out"
        title="Sign out"
        icon={<LogOut size={18} />}
        onClick={() => void signOut()}
      />
    </header>
  );
}

function SearchBox() {
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  useShortcuts({ '/': () => input.current?.focus() });
  return (
    <search className={styles.searchArea}>
      <form
        className={styles.search}
        onSubmit={(event) => {
          event.preventDefault();
          void navigate({ to: '/properties', search: { q: text } as never });
        }}
      >
        <Search size={16} aria-hidden="true" />
        <input
          ref={input}
          type="search"
          value={text}
          aria-label="Search properties by address, owner, parcel number or remarks"
          placeholder="Address, owner, parcel number  ( / )"
          onChange={(event) => setText(event.target.value)}
        />
      </form>
    </search>
  );
}

const WORDS: Record<LiveState['status'], string> = {
  off: 'Not live',
  connecting: 'Connecting',
  live: 'Live',
  cut: 'Interrupted',
  refused: 'Not live',
};

function LiveMark() {
  const { status, since } = useLiveState();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 15_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className={styles.live} data-status={status} role="status" title={liveTitle(status, since)}>
      <span className={styles.dot} aria-hidden="true" />
      {WORDS[status]}
      {status === 'cut' && since !== null && <span className="small"> {formatAgo(since)}</span>}
    </span>
  );
}

function liveTitle(status: LiveState['status'], since: number | null): string {
  if (status === 'off' || status === 'refused') {
    return `Your role hears no events: figures are asked for again every ${POLL_MS / 1_000} seconds`;
  }
  return since === null ? 'No event has been heard yet' : `Last heard ${formatMoment(since)}`;
}

function ThemeButton() {
  const [theme, setTheme] = useTheme();
  const isDark = theme === 'dark' || (theme === 'system' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  const label = isDark ? 'Use the light theme' : 'Use the dark theme';
  return (
    <Button
      variant="quiet"
      aria-label={label}
      title={label}
      icon={isDark ? <Sun size={18} /> : <Moon size={18} />}
      onClick={() => setTheme(isDark ? 'light' : 'dark')}
    />
  );
}
