import { CircleAlert } from 'lucide-react';
import styles from './gate.module.css';

/** What is wrong with a form as a whole; nothing when all is well. */
export function FormMessage({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p role="alert" className={styles.message}>
      <CircleAlert size={16} aria-hidden="true" />
      <span>{text}</span>
    </p>
  );
}
