import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startLanguage } from './language/language.ts';
import './style.css';

const root = document.getElementById('root');
startLanguage();
if (root !== null) createRoot(root).render(<App />);
