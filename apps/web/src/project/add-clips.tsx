import { useRef, useState, type DragEvent, type FormEvent } from 'react';
import type { Project } from '@primatrix/review-api';
import { api } from '../shell/api.ts';
import { FolderField } from './folder-field.tsx';
import { droppedFiles, type NamedFile } from './dropped-files.ts';
import { say } from '../language/language.ts';
import { Icon } from '../shell/icon.tsx';

interface AddClipsProps {
  /** Uploads go on behind other pages. */
  readonly hidden: boolean;
  readonly project: Project;
  /** Null: it cannot be closed. */
  readonly onClose: (() => void) | null;
  readonly onAdded: () => void;
}

/** Uploads under way at once: the gateway looks into each of them. */
const atOnce = 2;

/** Clips come in from a folder of the gateway's machine, or as uploads. */
export function AddClips({ hidden, project, onClose, onAdded }: AddClipsProps) {
  const [said, setSaid] = useState('');
  const [refused, setRefused] = useState<readonly string[]>([]);
  const [sent, setSent] = useState<{ done: number; of: number } | null>(null);
  const [over, setOver] = useState(false);
  const words = say.project.add;
  const picker = useRef<HTMLInputElement>(null);
  const [path, setPath] = useState('');

  async function addFolder(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setRefused([]);
    setSaid(words.searching);
    try {
      const { added, known, skipped, unreadable } = await api.addFolder(path);
      setSaid(
        [
          words.added(added),
          ...(known > 0 ? [words.known(known)] : []),
          ...(skipped > 0 ? [words.skipped(skipped)] : []),
        ].join(', '),
      );
      setRefused(unreadable.map((folder) => words.notRead(folder)));
      onAdded();
    } catch (error) {
      setSaid('');
      setRefused([(error as Error).message]);
    }
  }

  async function upload(files: readonly NamedFile[]) {
    if (files.length === 0) return;
    setRefused([]);
    let [done, added] = [0, 0];
    setSent({ done, of: files.length });
    const queue = files.values();
    const lane = async () => {
      for (const { name, file } of queue) {
        try {
          if (file.size > project.limits.uploadBytes) {
            throw new Error(words.tooLarge(say.number(project.limits.uploadBytes / 1024 ** 2)));
          }
          if ((await api.upload(name, file)).added) added += 1;
        } catch (error) {
          setRefused((before) => [...before, words.refused(name, (error as Error).message)]);
        }
        done += 1;
        setSent({ done, of: files.length });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    setSent(null);
    setSaid(words.added(added));
    onAdded();
  }

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void droppedFiles(event.dataTransfer).then(upload);
  }

  return (
    <section className="add" aria-label={words.title} hidden={hidden}>
      <div className="head">
        <h2>{words.title}</h2>
        {onClose !== null && (
          <button type="button" onClick={onClose} aria-label={say.shell.close}>
            <Icon name="close" />
          </button>
        )}
      </div>
      {project.foldersAllowed && (
        <form onSubmit={addFolder}>
          <FolderField label={words.folder} value={path} onChange={setPath} required>
            <button type="submit">{words.addFolder}</button>
          </FolderField>
          <p className="hint">{words.hint}</p>
        </form>
      )}
      <div
        className={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <p>{project.foldersAllowed ? words.orDrop : words.drop}</p>
        <button type="button" onClick={() => picker.current?.click()}>
          {words.select}
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={words.toUpload}
          onChange={(event) => void upload(Array.from(event.target.files ?? [], (file) => ({ name: file.name, file })))}
        />
      </div>
      {sent !== null && (
        <div className="row">
          <progress max={sent.of} value={sent.done} aria-label={words.progress} />
          <span>{words.uploaded(sent.done, say.counts.clips(sent.of))}</span>
        </div>
      )}
      <p role="status">{said}</p>
      {refused.length > 0 && (
        <ul role="alert" className="refused">
          {refused.slice(0, 20).map((text) => (
            <li key={text}>{text}</li>
          ))}
          {refused.length > 20 && <li>{say.counts.more(say.number(refused.length - 20))}</li>}
        </ul>
      )}
    </section>
  );
}
