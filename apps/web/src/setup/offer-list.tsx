import { useState } from 'react';
import type { ModelOffer } from '@primatrix/review-api';
import { setupApi } from './setup-api.ts';
import { factsOf } from './source-list.tsx';
import { say } from '../language/language.ts';

interface OfferListProps {
  readonly offers: readonly ModelOffer[];
  /** Called with the name of a model that is there now. */
  readonly onKept: (name: string) => Promise<void>;
}

/** Models that are not here yet, and can be had over the network. */
export function OfferList({ offers, onKept }: OfferListProps) {
  const words = say.setup.offers;
  const [coming, setComing] = useState<string | null>(null);
  const [trouble, setTrouble] = useState('');
  const pull = async (name: string) => {
    setComing(name);
    setTrouble('');
    try {
      await onKept((await setupApi.pull(name)).kept);
    } catch (error) {
      setTrouble((error as Error).message);
    }
    setComing(null);
  };
  return (
    <>
      <ul className="sources">
        {offers.map((offer) => (
          <li key={offer.name} className="offer">
            <span>
              <strong>{offer.name}</strong> {offer.summary}
              <span className="hint">{factsOf(offer)}</span>
            </span>
            <button
              type="button"
              aria-label={words.downloadModel(offer.name)}
              disabled={coming !== null}
              onClick={() => void pull(offer.name)}
            >
              {coming === offer.name ? words.downloading : words.download}
            </button>
          </li>
        ))}
      </ul>
      <p role="status" className="hint">
        {coming === null ? '' : words.coming(coming)}
      </p>
      {trouble !== '' && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
    </>
  );
}
