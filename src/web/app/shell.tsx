import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { SignInAgain } from '../screens/sign-in/sign-in-again.tsx';
import { scrollAcross } from '../ui/scroll-across.ts';
import { followEvents, pollInstead } from './live.ts';
import { NAVIGATION } from './navigation.ts';
import { useMay } from './permissions.ts';
import { useSession } from './session.ts';
import styles from './shell.module.css';
import { TopBar } from './top-bar.tsx';
import { WorksMark } from './works-mark.tsx';

/** The frame of every screen for somebody who is signed in: navigation, top bar, and the screen. */
export function Shell() {
  const state = useSession();
  const may = useMay();
  const userId = state?.session.user.id;
  const hasEnded = state?.ended === true;
  const mayFollow = may('timeline:read');
  useEffect(() => {
    if (userId === undefined || hasEnded || !mayFollow) return;
    const end = new AbortController();
    followEvents(end.signal).catch(reportError);
    return () => end.abort();
  }, [userId, hasEnded, mayFollow]);
  useEffect(() => {
    if (userId !== undefined && !hasEnded) return pollInstead();
  }, [userId, hasEnded]);
  useFocusOnNavigation();
  const shown = NAVIGATION.filter(({ needs }) => needs === undefined || may(needs));
  const navigation = useCurrentInSight(shown.length);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <nav
        ref={navigation}
        className={styles.navigation}
        aria-label="Main"
        onFocus={({ target }) => target.scrollIntoView({ block: 'nearest', inline: 'nearest' })}
      >
        <Link to="/" className={styles.brand}>
          <img src="/icon.svg" alt="" width={28} height={28} />
          <span>Real Estate OS</span>
        </Link>
        <ul>
          {shown.map(({ to, text, icon: Icon, isExact }) => (
            <li key={to}>
              <Link to={to} className={styles.link} activeOptions={{ exact: isExact ?? false, includeSearch: false }}>
                <Icon size={18} aria-hidden="true" />
                <span>{text}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <TopBar />
      <main id="content" className={styles.content} tabIndex={-1}>
        <WorksMark />
        <Outlet />
      </main>
      {hasEnded && <SignInAgain />}
    </div>
  );
}

/** On a phone the bar scrolls: the entry of the present screen comes into sight. */
function useCurrentInSight(count: number) {
  const bar = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: entries come as it becomes known what the person may see
  useEffect(() => {
    scrollAcross(bar.current, 'li [aria-current="page"]');
  }, [path, count]);
  return bar;
}

/** After a change of screen the focus is at its beginning, for keyboards and screen readers. */
function useFocusOnNavigation(): void {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => {
    if (path && document.activeElement?.closest('nav')) document.getElementById('content')?.focus();
  }, [path]);
}
