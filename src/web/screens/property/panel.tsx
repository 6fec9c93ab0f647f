import styles from './parts.module.css';
import { PropertyParts } from './parts.tsx';

/** A property beside the list: the same parts as its page, narrower. `onClose` is called by its cross. */
export function PropertyPanel({ propertyId, onClose }: { propertyId: string; onClose: () => void }) {
  return (
    <div className={styles.panel}>
      <PropertyParts key={propertyId} propertyId={propertyId} onClose={onClose} />
    </div>
  );
}
