import { useRef, useState, type DragEvent, type FormEvent } from 'react';
import type { Project } from '@primatrix/review-api';
import { api } from '../shell/api.ts';
import { FolderField } from './folder-field.tsx';
import { droppedFiles, type NamedFile } from './dropped-files.ts';
import { count } from '../shell/words.ts';

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
  const picker = useRef<HTMLInputElement>(null);
  const [path, setPath] = useState('');

  async function addFolder(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setRefused([]);
    setSaid('Searching the folder…');
    try {
      const { added, known, skipped, unreadable } = await api.addFolder(path);
      setSaid(
        `${count(added, 'clip')} added${known > 0 ? `, ${known} known already` : ''}${skipped > 0 ? `, ${count(skipped, 'other file')} left out` : ''}`,
      );
      setRefused(unreadable.map((folder) => `not read: ${folder}`));
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
            throw new Error(`larger than ${project.limits.uploadBytes / 1024 ** 2} MiB`);
          }
          if ((await api.upload(name, file)).added) added += 1;
        } catch (error) {
          setRefused((before) => [...before, `${name}: ${(error as Error).message}`]);
        }
        done += 1;
        setSent({ done, of: files.length });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    setSent(null);
    setSaid(`${count(added, 'clip')} added`);
    onAdded();
  }

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void droppedFiles(event.dataTransfer).then(upload);
  }

  return (
    <section className="add" aria-label="Add clips" hidden={hidden}>
      <div className="head">
        <h2>Add clips</h2>
        {onClose !== null && (
          <button type="button" onClick={onClose} aria-label="Close">
            ×
          </button>
        )}
      </div>
      {project.foldersAllowed && (
        <form onSubmit={addFolder}>
          <FolderField
            label="Folder on this computer, for example of a memory card"
            value={path}
            onChange={setPath}
            required
          >
            <button type="submit">Add folder</button>
          </FolderField>
          <p className="hint">
            Clips stay where they are. Each folder counts as a camera site, unless there is a clips.csv in it (filename,
            site, captured_at, latitude, longitude).
          </p>
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
        <p>{project.foldersAllowed ? 'Or drop' : 'Drop'} clips or folders here, or</p>
        <button type="button" onClick={() => picker.current?.click()}>
          Select clips
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Clips to upload"
          onChange={(event) => void upload(Array.from(event.target.files ?? [], (file) => ({ name: file.name, file })))}
        />
      </div>
      {sent !== null && (
        <div className="row">
          <progress max={sent.of} value={sent.done} aria-label="Clips uploaded" />
          <span>
            {sent.done} of {count(sent.of, 'clip')} uploaded
          </span>
        </div>
      )}
      <p role="status">{said}</p>
      {refused.length > 0 && (
        <ul role="alert" className="refused">
          {refused.slice(0, 20).map((text) => (
            <li key={text}>{text}</li>
          ))}
          {refused.length > 20 && <li>and {refused.length - 20} more</li>}
        </ul>
      )}
    </section>
  );
}
