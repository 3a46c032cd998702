import { useEffect, useRef } from 'react';
import { say } from '../language/language.ts';
import { gridAddress } from './use-route.ts';

/** The head of a page beside the grid: the way back, and the title, which has the focus first. */
export function PageHead({ title }: { readonly title: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <nav className="crumbs" aria-label={say.app.pages}>
      <a href={gridAddress('')}>{`← ${say.app.allClips}`}</a>
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
    </nav>
  );
}
