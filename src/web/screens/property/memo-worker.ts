// The part of pdf.js that reads a PDF, in a worker of its own.
import 'pdfjs-dist/build/pdf.worker.min.mjs';
