import { useState } from 'react';
import { brandColours } from '../../../domain/memo/colour.ts';
import { type BrandingTexts, ownAddress } from './branding.ts';
import styles from './branding-preview.module.css';

/** A memo's head and foot as these texts make them; what lies between is a sample. */
export function BrandingPreview({ texts, logoUrl }: { texts: BrandingTexts; logoUrl: string | null }) {
  const { accent, ink, on, pale } = brandColours(texts.accent_color || null);
  const company = texts.company_name || 'Your company';
  const contact = [texts.contact_name, texts.email, texts.phone, texts.website].filter(Boolean);
  return (
    <figure className={styles.preview}>
      <figcaption className="small muted">Preview: head and foot of a memo, with a sample between</figcaption>
      <div className={styles.paper}>
        <div className={styles.head} style={{ background: accent, color: on }}>
          <Logo url={logoUrl} company={company} />
          <div>
            <div className={styles.company}>{company}</div>
            {texts.tagline && <div>{texts.tagline}</div>}
          </div>
        </div>
        <div className={styles.body}>
          <div className={styles.title} style={{ color: ink }}>
            1 Sample Street, Seattle, WA
          </div>
          <div className={styles.figures} style={{ background: pale }}>
            <span>
              <b style={{ color: ink }}>82</b> score
            </span>
            <span>
              <b style={{ color: ink }}>$412,000</b> value
            </span>
            <span>
              <b style={{ color: ink }}>18%</b> below it
            </span>
          </div>
          <div className={styles.line} />
          <div className={styles.line} />
          <div className={styles.shortLine} />
        </div>
        <div className={styles.foot} style={{ borderTopColor: accent }}>
          {contact.length === 0 ? 'How to reach you stands here' : contact.join(' · ')}
          {texts.disclaimer && <div className={styles.disclaimer}>{texts.disclaimer}</div>}
        </div>
      </div>
    </figure>
  );
}

function Logo({ url, company }: { url: string | null; company: string }) {
  const [failed, setFailed] = useState<string | null>(null);
  if (url === null) return null;
  if (failed === url) return <span className={styles.noLogo}>logo</span>;
  return (
    <img
      className={styles.logo}
      src={url.startsWith('data:') ? url : ownAddress(url, window.location.origin)}
      alt={`Logo of ${company}`}
      onError={() => setFailed(url)}
    />
  );
}
