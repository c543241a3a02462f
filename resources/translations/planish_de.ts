<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Arguments</name>
    <message>
        <source>Studies and quantizes large language models.</source>
        <translation>Untersucht und quantisiert große Sprachmodelle.</translation>
    </message>
    <message>
        <source>Open the embedded demo model.</source>
        <translation>Das eingebaute Demomodell öffnen.</translation>
    </message>
    <message>
        <source>Open a project file.</source>
        <translation>Eine Projektdatei öffnen.</translation>
    </message>
    <message>
        <source>Keep settings in this file.</source>
        <translation>Einstellungen in dieser Datei halten.</translation>
    </message>
    <message>
        <source>A model folder, a .gguf file, a bundle or a project.</source>
        <translation>Ein Modellordner, eine .gguf-Datei, ein Bündel oder ein Projekt.</translation>
    </message>
    <message>
        <source>Start as for the first time: no settings are read or kept.</source>
        <translation>Wie beim ersten Mal starten: Einstellungen werden weder gelesen noch behalten.</translation>
    </message>
</context>
<context>
    <name>Cheaper</name>
    <message>
        <source>On the CPU</source>
        <translation>Auf dem Prozessor</translation>
    </message>
    <message>
        <source>Slower, in the memory of the machine</source>
        <translation>Langsamer, im Speicher des Rechners</translation>
    </message>
</context>
<context>
    <name>ui::ActionRegistry</name>
    <message>
        <source>%1 belongs to “%2”</source>
        <translation>%1 gehört zu „%2“</translation>
    </message>
</context>
<context>
    <name>ui::AdvancedOptions</name>
    <message>
        <source>Windows at once</source>
        <translation>Fenster zugleich</translation>
    </message>
    <message>
        <source>Windows of a batch that go through the block at once; fewer need less memory</source>
        <translation>Fenster eines Schritts, die zugleich durch den Block gehen; weniger brauchen weniger Speicher</translation>
    </message>
    <message>
        <source>all that fit</source>
        <translation>alle, die passen</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>Of matrices and channel scales</source>
        <translation>Von Matrizen und Kanalskalen</translation>
    </message>
    <message>
        <source>Learning rate of clips</source>
        <translation>Lernrate der Grenzen</translation>
    </message>
    <message>
        <source>Of the ranges of weights, activations and caches</source>
        <translation>Von den Bereichen der Gewichte, Aktivierungen und Zwischenspeicher</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>Gewichtsabnahme</translation>
    </message>
    <message>
        <source>AdamW&apos;s, of matrices and scales</source>
        <translation>Die von AdamW, für Matrizen und Skalen</translation>
    </message>
    <message>
        <source>At once</source>
        <translation>Zugleich</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Rate</translation>
    </message>
    <message>
        <source>Rate of clips</source>
        <translation>Rate der Grenzen</translation>
    </message>
    <message>
        <source>U diag(exp t) V^T</source>
        <translation>U diag(exp t) V^T</translation>
    </message>
    <message>
        <source>free matrix</source>
        <translation>freie Matrix</translation>
    </message>
    <message>
        <source>Affine matrices</source>
        <translation>Affine Matrizen</translation>
    </message>
    <message>
        <source>How an affine matrix is parameterised; the first needs no inversion</source>
        <translation>Wie eine affine Matrix parametrisiert ist; die erste braucht keine Umkehrung</translation>
    </message>
    <message>
        <source>Rotations</source>
        <translation>Rotationen</translation>
    </message>
    <message>
        <source>How a rotation is parameterised and where it starts</source>
        <translation>Wie eine Rotation parametrisiert ist und wo sie beginnt</translation>
    </message>
    <message>
        <source>by weights and inputs</source>
        <translation>nach Gewichten und Eingängen</translation>
    </message>
    <message>
        <source>one</source>
        <translation>eins</translation>
    </message>
    <message>
        <source>Start of the channel scale</source>
        <translation>Start der Kanalskala</translation>
    </message>
    <message>
        <source>wmax^(1-alpha) / xmax^alpha, or 1</source>
        <translation>wmax^(1-alpha) / xmax^alpha, oder 1</translation>
    </message>
    <message>
        <source>Alpha</source>
        <translation>Alpha</translation>
    </message>
    <message>
        <source>Of the channel scale&apos;s start: 0 looks at weights alone</source>
        <translation>Vom Start der Kanalskala: 0 sieht nur die Gewichte</translation>
    </message>
    <message>
        <source>learned</source>
        <translation>gelernt</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Clipping</source>
        <translation>Begrenzung</translation>
    </message>
    <message>
        <source>Learned ranges, or plain rounding of the whole range</source>
        <translation>Gelernte Bereiche oder einfaches Runden des ganzen Bereichs</translation>
    </message>
    <message>
        <source>each layer</source>
        <translation>je Schicht</translation>
    </message>
    <message>
        <source>each input</source>
        <translation>je Eingang</translation>
    </message>
    <message>
        <source>Activation clips</source>
        <translation>Grenzen der Aktivierungen</translation>
    </message>
    <message>
        <source>q, k, v and up, gate each own a clip, or share their input&apos;s, which is cheaper to run</source>
        <translation>q, k, v und up, gate haben je eine eigene Grenze oder teilen die ihres Eingangs, was im Betrieb billiger ist</translation>
    </message>
    <message>
        <source>Affine</source>
        <translation>Affin</translation>
    </message>
    <message>
        <source>Rotation</source>
        <translation>Rotation</translation>
    </message>
    <message>
        <source>Scale start</source>
        <translation>Skalenstart</translation>
    </message>
    <message>
        <source>Clips</source>
        <translation>Grenzen</translation>
    </message>
    <message>
        <source>Clips of</source>
        <translation>Grenzen für</translation>
    </message>
    <message>
        <source>Weight group</source>
        <translation>Gewichtsgruppe</translation>
    </message>
    <message>
        <source>Inputs that share a scale; it must divide each row</source>
        <translation>Eingänge, die eine Skala teilen; die Zahl muss jede Zeile teilen</translation>
    </message>
    <message>
        <source>whole row</source>
        <translation>ganze Zeile</translation>
    </message>
    <message>
        <source>Cache group</source>
        <translation>Cachegruppe</translation>
    </message>
    <message>
        <source>Channels of a head that share a scale of keys and values</source>
        <translation>Kanäle eines Kopfes, die eine Skala für Schlüssel und Werte teilen</translation>
    </message>
    <message>
        <source>whole head</source>
        <translation>ganzer Kopf</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>activations</source>
        <translation>Aktivierungen</translation>
    </message>
    <message>
        <source>A scale and a zero point instead of a symmetric range</source>
        <translation>Eine Skala und ein Nullpunkt statt eines symmetrischen Bereichs</translation>
    </message>
    <message>
        <source>Asymmetric</source>
        <translation>Asymmetrisch</translation>
    </message>
    <message>
        <source>First blocks</source>
        <translation>Erste Blöcke</translation>
    </message>
    <message>
        <source>Blocks at the beginning that keep more bits</source>
        <translation>Blöcke am Anfang, die mehr Bits behalten</translation>
    </message>
    <message>
        <source>Last blocks</source>
        <translation>Letzte Blöcke</translation>
    </message>
    <message>
        <source>Blocks at the end that keep more bits</source>
        <translation>Blöcke am Ende, die mehr Bits behalten</translation>
    </message>
    <message>
        <source>Bits at the ends</source>
        <translation>Bits an den Enden</translation>
    </message>
    <message>
        <source>At least so many bits of weights and activations there</source>
        <translation>Mindestens so viele Bits für Gewichte und Aktivierungen dort</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>Setzen</translation>
    </message>
    <message>
        <source>Gives the modules of these blocks bits of their own in the plan; can be undone</source>
        <translation>Gibt den Modulen dieser Blöcke eigene Bits im Plan; lässt sich rückgängig machen</translation>
    </message>
    <message>
        <source>first </source>
        <translation>erste </translation>
    </message>
    <message>
        <source>last </source>
        <translation>letzte </translation>
    </message>
    <message>
        <source> bits</source>
        <translation> Bits</translation>
    </message>
    <message>
        <source>Ends</source>
        <translation>Enden</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>behalten</translation>
    </message>
    <message>
        <source>refine the plan</source>
        <translation>Plan verfeinern</translation>
    </message>
    <message>
        <source>Then each module tries the other kinds in the quantized model and keeps what brings its predictions closer to full precision (KL on text kept aside); takes about five times as long</source>
        <translation>Danach probiert jedes Modul die anderen Arten im quantisierten Modell und behält, was dessen Vorhersagen der vollen Genauigkeit näher bringt (KL auf beiseite gelegtem Text); dauert etwa fünfmal so lang</translation>
    </message>
    <message>
        <source>Choice</source>
        <translation>Wahl</translation>
    </message>
</context>
<context>
    <name>ui::Autosave</name>
    <message>
        <source>Unsaved work could not be written aside: %1</source>
        <translation>Ungespeicherte Arbeit konnte nicht gesichert werden: %1</translation>
    </message>
</context>
<context>
    <name>ui::BeforeAfterPanel</name>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Input activations</source>
        <translation>Eingangsaktivierungen</translation>
    </message>
    <message>
        <source>Mean squared error of rounding to the plan&apos;s bits, relative to the mean square of the values</source>
        <translation>Mittlerer quadratischer Fehler beim Runden auf die Bits des Plans, bezogen auf das mittlere Quadrat der Werte</translation>
    </message>
    <message>
        <source>Select a module</source>
        <translation>Ein Modul wählen</translation>
    </message>
    <message>
        <source>Transforming…</source>
        <translation>Transformiert …</translation>
    </message>
    <message>
        <source>Could not be compared</source>
        <translation>Konnte nicht verglichen werden</translation>
    </message>
    <message>
        <source>Choose a text in Calibrate
to see activations</source>
        <translation>In Kalibrieren einen Text wählen,
um Aktivierungen zu sehen</translation>
    </message>
    <message>
        <source>Nothing to compare yet</source>
        <translation>Noch nichts zu vergleichen</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation>Vorher und nachher</translation>
    </message>
    <message>
        <source>activation</source>
        <translation>Aktivierung</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>%1 %2 → %3</source>
        <translation>%1 %2 → %3</translation>
    </message>
    <message>
        <source>Relative rounding error: </source>
        <translation>Relativer Rundungsfehler: </translation>
    </message>
    <message>
        <source>W%1</source>
        <translation>W%1</translation>
    </message>
    <message>
        <source>A%1</source>
        <translation>A%1</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>Beides</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>What is drawn, always in the same axes. Key B flips before and after</source>
        <translation>Was gezeichnet wird, immer in denselben Achsen. Taste B wechselt zwischen vorher und nachher</translation>
    </message>
</context>
<context>
    <name>ui::BlockTableModel</name>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>not done</source>
        <translation>nicht fertig</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>behalten</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>%1 ×</source>
        <translation>%1 ×</translation>
    </message>
    <message>
        <source>Mean squared error of the block output over the calibration windows</source>
        <translation>Mittlerer quadratischer Fehler der Blockausgabe über die Kalibrierfenster</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Error before</source>
        <translation>Fehler vorher</translation>
    </message>
    <message>
        <source>Error after</source>
        <translation>Fehler nachher</translation>
    </message>
    <message>
        <source>Smaller by</source>
        <translation>Kleiner um</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Warnings</source>
        <translation>Warnungen</translation>
    </message>
    <message>
        <source>Other run</source>
        <translation>Anderer Lauf</translation>
    </message>
</context>
<context>
    <name>ui::CalibrateView</name>
    <message>
        <source>Calibrate</source>
        <translation>Kalibrieren</translation>
    </message>
    <message>
        <source>Learns the transforms block by block and writes the quantized model (minutes)</source>
        <translation>Lernt die Transformationen Block für Block und schreibt das quantisierte Modell (Minuten)</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stops at the next step; finished blocks are kept</source>
        <translation>Hält beim nächsten Schritt an; fertige Blöcke bleiben</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Goes on after the finished blocks in the output folder</source>
        <translation>Macht nach den fertigen Blöcken im Ausgabeordner weiter</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>Als Befehl kopieren</translation>
    </message>
    <message>
        <source>The planish line that does the same; writes the plan beside the output folder</source>
        <translation>Die planish-Zeile, die dasselbe tut; schreibt den Plan neben den Ausgabeordner</translation>
    </message>
    <message>
        <source>Progress of the calibration</source>
        <translation>Fortschritt der Kalibrierung</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>Blöcke</translation>
    </message>
    <message>
        <source>The plan changed after the calibration of %1: calibrate again for it to count.</source>
        <translation>Der Plan wurde nach der Kalibrierung von %1 geändert: erneut kalibrieren, damit es zählt.</translation>
    </message>
    <message>
        <source>Quantized model: %1</source>
        <translation>Quantisiertes Modell: %1</translation>
    </message>
    <message>
        <source>No plan yet</source>
        <translation>Noch kein Plan</translation>
    </message>
    <message>
        <source>&lt;b&gt;Plan&lt;/b&gt;: %1 affine, %2 rotation, %3 Hadamard, %4 none</source>
        <translation>&lt;b&gt;Plan&lt;/b&gt;: %1 affin, %2 Rotation, %3 Hadamard, %4 keine</translation>
    </message>
    <message>
        <source>Calibrated</source>
        <translation>Kalibriert</translation>
    </message>
    <message>
        <source>Not calibrated yet</source>
        <translation>Noch nicht kalibriert</translation>
    </message>
    <message>
        <source>Waiting for the job before it</source>
        <translation>Wartet auf den Auftrag davor</translation>
    </message>
    <message>
        <source>%1  ·  %2 spent%3</source>
        <translation>%1  ·  %2 vergangen%3</translation>
    </message>
    <message>
        <source>, %1 left</source>
        <translation>, noch %1</translation>
    </message>
    <message>
        <source>Stopping at the next step…</source>
        <translation>Hält beim nächsten Schritt an …</translation>
    </message>
    <message numerus="yes">
        <source>Stopped by you after %1: %n finished block(s) kept</source>
        <translation>
            <numerusform>Von Ihnen nach %1 angehalten: %n fertiger Block bleibt</numerusform>
            <numerusform>Von Ihnen nach %1 angehalten: %n fertige Blöcke bleiben</numerusform>
        </translation>
    </message>
    <message>
        <source>Failed after %1</source>
        <translation>Nach %1 fehlgeschlagen</translation>
    </message>
    <message>
        <source>Done in %1, peak memory %2</source>
        <translation>In %1 fertig, höchster Speicherbedarf %2</translation>
    </message>
    <message>
        <source>Done in %1</source>
        <translation>In %1 fertig</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Blocks and runs</source>
        <translation>Blöcke und Läufe</translation>
    </message>
    <message>
        <source>A selected block stands out in the plot; the menu trains it again</source>
        <translation>Ein gewählter Block tritt im Bild hervor; das Menü trainiert ihn neu</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Calibrations of this project</source>
        <translation>Kalibrierungen dieses Projekts</translation>
    </message>
    <message>
        <source>Each calibration becomes a row here</source>
        <translation>Jede Kalibrierung wird hier zu einer Zeile</translation>
    </message>
    <message>
        <source>Select one to look at it, two to compare their losses</source>
        <translation>Einen wählen, um ihn anzusehen, zwei, um ihre Verluste zu vergleichen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Takes a waiting run out of the queue, or a finished one off this list; its folder stays</source>
        <translation>Nimmt einen wartenden Lauf aus der Schlange oder einen fertigen von der Liste; sein Ordner bleibt</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Makes this run&apos;s bundle the quantized model that is compared, evaluated and exported</source>
        <translation>Macht das Bündel dieses Laufs zum quantisierten Modell, das verglichen, bewertet und exportiert wird</translation>
    </message>
    <message>
        <source>A calibration that runs or waits writes into this folder: name another one to queue a second</source>
        <translation>Eine laufende oder wartende Kalibrierung schreibt in diesen Ordner: für eine zweite einen anderen nennen</translation>
    </message>
    <message numerus="yes">
        <source>; %n module(s) with bits of their own</source>
        <translation>
            <numerusform>; %n Modul mit eigenen Bits</numerusform>
            <numerusform>; %n Module mit eigenen Bits</numerusform>
        </translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>Einreihen</translation>
    </message>
    <message numerus="yes">
        <source>Goes on after the %n finished block(s) in the output folder</source>
        <translation>
            <numerusform>Setzt nach dem fertigen Block im Ausgabeordner fort (%n)</numerusform>
            <numerusform>Setzt nach den %n fertigen Blöcken im Ausgabeordner fort</numerusform>
        </translation>
    </message>
    <message>
        <source>Runs (%1)</source>
        <translation>Läufe (%1)</translation>
    </message>
    <message numerus="yes">
        <source>  ·  %n more waiting</source>
        <translation>
            <numerusform>  ·  %n weiterer wartet</numerusform>
            <numerusform>  ·  %n weitere warten</numerusform>
        </translation>
    </message>
    <message>
        <source>Train block %1 again from another random start</source>
        <translation>Block %1 von einem anderen Zufallsstart neu trainieren</translation>
    </message>
    <message>
        <source>Train what changed, keep the other blocks</source>
        <translation>Trainieren, was sich änderte, andere Blöcke behalten</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Waits at the next step and goes on from there; other work has the processor meanwhile</source>
        <translation>Wartet beim nächsten Schritt und geht von dort weiter; solange hat andere Arbeit den Prozessor</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
</context>
<context>
    <name>ui::CalibrationForm</name>
    <message>
        <source>Calibration text</source>
        <translation>Kalibriertext</translation>
    </message>
    <message>
        <source>Text to calibrate with</source>
        <translation>Text zum Kalibrieren</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Quick look</source>
        <translation>Kurzer Blick</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>FlatQuant&apos;s recipe</source>
        <translation>FlatQuants Rezept</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>Eigene</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>How many windows of the text are used</source>
        <translation>Wie viele Fenster des Textes benutzt werden</translation>
    </message>
    <message>
        <source>Window length</source>
        <translation>Fensterlänge</translation>
    </message>
    <message>
        <source>Tokens in each window; at most the model&apos;s context</source>
        <translation>Token in jedem Fenster; höchstens der Kontext des Modells</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>How often each block sees all windows</source>
        <translation>Wie oft jeder Block alle Fenster sieht</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>Windows per step; less needs less memory</source>
        <translation>Fenster je Schritt; weniger braucht weniger Speicher</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>The same seed gives the same result</source>
        <translation>Derselbe Startwert ergibt dasselbe Ergebnis</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>float32</source>
        <translation>float32</translation>
    </message>
    <message>
        <source>bfloat16</source>
        <translation>bfloat16</translation>
    </message>
    <message>
        <source>Rounding of weights</source>
        <translation>Runden der Gewichte</translation>
    </message>
    <message>
        <source>round to nearest</source>
        <translation>zum nächsten Wert</translation>
    </message>
    <message>
        <source>GPTQ</source>
        <translation>GPTQ</translation>
    </message>
    <message>
        <source>Output folder</source>
        <translation>Ausgabeordner</translation>
    </message>
    <message>
        <source>The quantized model is written there when all blocks are done</source>
        <translation>Dorthin wird das quantisierte Modell geschrieben, wenn alle Blöcke fertig sind</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>× tokens</source>
        <translation>× Token</translation>
    </message>
    <message>
        <source>batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>finish</source>
        <translation>Runden</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>W</source>
        <translation>W</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>K</source>
        <translation>K</translation>
    </message>
    <message>
        <source>V</source>
        <translation>V</translation>
    </message>
    <message>
        <source>Bits of the weights</source>
        <translation>Bits der Gewichte</translation>
    </message>
    <message>
        <source>Bits of the activations</source>
        <translation>Bits der Aktivierungen</translation>
    </message>
    <message>
        <source>Bits of cached keys</source>
        <translation>Bits der gespeicherten Schlüssel (K)</translation>
    </message>
    <message>
        <source>Bits of cached values</source>
        <translation>Bits der gespeicherten Werte (V)</translation>
    </message>
    <message>
        <source>%1: 2 to 8, or 16 for none</source>
        <translation>%1: 2 bis 8, oder 16 für keine</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>Bits</translation>
    </message>
    <message>
        <source>Open a model first: its plan says what is calibrated.</source>
        <translation>Erst ein Modell öffnen: Sein Plan sagt, was kalibriert wird.</translation>
    </message>
    <message>
        <source>Choose a text to calibrate with.</source>
        <translation>Einen Text zum Kalibrieren wählen.</translation>
    </message>
    <message>
        <source>Name a folder for the quantized model.</source>
        <translation>Einen Ordner für das quantisierte Modell nennen.</translation>
    </message>
    <message>
        <source>More options</source>
        <translation>Mehr Optionen</translation>
    </message>
    <message>
        <source>Memory, learning rates, starts, groups, zero points, bits of the first and last blocks</source>
        <translation>Speicher, Lernraten, Starts, Gruppen, Nullpunkte, Bits der ersten und letzten Blöcke</translation>
    </message>
    <message>
        <source>The model is being read: its plan says what is calibrated.</source>
        <translation>Das Modell wird gelesen: Sein Plan sagt, was kalibriert wird.</translation>
    </message>
    <message>
        <source>The model could not be read.</source>
        <translation>Das Modell konnte nicht gelesen werden.</translation>
    </message>
</context>
<context>
    <name>ui::CalibrationPlots</name>
    <message>
        <source>Pictures of the calibration</source>
        <translation>Diagramme der Kalibrierung</translation>
    </message>
    <message>
        <source>Training loss</source>
        <translation>Trainingsverlust</translation>
    </message>
    <message>
        <source>The loss of each block appears here while it is trained</source>
        <translation>Hier erscheint der Verlust jedes Blocks, während er trainiert wird</translation>
    </message>
    <message>
        <source>Error of each block</source>
        <translation>Fehler jedes Blocks</translation>
    </message>
    <message>
        <source>Each block&apos;s error stands here once it is calibrated</source>
        <translation>Hier steht der Fehler jedes Blocks, sobald er kalibriert ist</translation>
    </message>
    <message>
        <source>Memory over time</source>
        <translation>Speicher über die Zeit</translation>
    </message>
    <message>
        <source>What the calibration holds of the memory appears here while it runs</source>
        <translation>Hier erscheint, was die Kalibrierung vom Speicher hält, während sie läuft</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>before training</source>
        <translation>vor dem Training</translation>
    </message>
    <message>
        <source>after</source>
        <translation>danach</translation>
    </message>
    <message>
        <source>error of the block output (MSE)</source>
        <translation>Fehler der Blockausgabe (MSE)</translation>
    </message>
</context>
<context>
    <name>ui::CalibrationRuns</name>
    <message>
        <source>✓ finished</source>
        <translation>✓ fertig</translation>
    </message>
    <message>
        <source>■ stopped</source>
        <translation>■ angehalten</translation>
    </message>
    <message>
        <source>… waiting</source>
        <translation>… wartet</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>hält an</translation>
    </message>
    <message>
        <source>✗ failed</source>
        <translation>✗ gescheitert</translation>
    </message>
    <message>
        <source>blocks missing</source>
        <translation>Blöcke fehlen</translation>
    </message>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>%1 ×</source>
        <translation>%1 ×</translation>
    </message>
    <message>
        <source>Geometric mean over the blocks</source>
        <translation>Geometrisches Mittel über die Blöcke</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>Bits</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>Error after</source>
        <translation>Fehler nachher</translation>
    </message>
    <message>
        <source>Smaller by</source>
        <translation>Kleiner um</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
</context>
<context>
    <name>ui::ChannelPlot</name>
    <message>
        <source>input channel</source>
        <translation>Eingangskanal</translation>
    </message>
    <message>
        <source>largest |value|</source>
        <translation>größter |Wert|</translation>
    </message>
    <message>
        <source>input channels, largest first</source>
        <translation>Eingangskanäle, größte zuerst</translation>
    </message>
    <message>
        <source>largest |%1|</source>
        <translation>größtes |%1|</translation>
    </message>
    <message>
        <source>channel %1: %2</source>
        <translation>Kanal %1: %2</translation>
    </message>
    <message>
        <source>, after %1</source>
        <translation>, danach %1</translation>
    </message>
    <message numerus="yes">
        <source>%n channel(s)</source>
        <translation>
            <numerusform>%n Kanal</numerusform>
            <numerusform>%n Kanäle</numerusform>
        </translation>
    </message>
    <message>
        <source>, the largest |%1| is %2 in channel %3</source>
        <translation>, das größte |%1| ist %2 in Kanal %3</translation>
    </message>
    <message>
        <source>before</source>
        <translation>vorher</translation>
    </message>
    <message>
        <source>after</source>
        <translation>nachher</translation>
    </message>
    <message numerus="yes">
        <source>%n channel(s) stand out</source>
        <translation>
            <numerusform>%n Kanal ragt heraus</numerusform>
            <numerusform>%n Kanäle ragen heraus</numerusform>
        </translation>
    </message>
    <message>
        <source>, rank %1 of %2</source>
        <translation>, Rang %1 von %2</translation>
    </message>
</context>
<context>
    <name>ui::ChatBar</name>
    <message>
        <source>One model</source>
        <translation>Ein Modell</translation>
    </message>
    <message>
        <source>Side by side: agreement</source>
        <translation>Nebeneinander: Übereinstimmung</translation>
    </message>
    <message>
        <source>Side by side: free run</source>
        <translation>Nebeneinander: freier Lauf</translation>
    </message>
    <message>
        <source>How many models</source>
        <translation>Wie viele Modelle</translation>
    </message>
    <message>
        <source>Agreement: the full-precision model writes and the quantized one reads the same tokens; their distributions are compared at each.
Free run: both write, each by itself.</source>
        <translation>Übereinstimmung: Das Modell in voller Genauigkeit schreibt, das quantisierte liest dieselben Token; an jedem werden ihre Verteilungen verglichen.
Freier Lauf: Beide schreiben, jedes für sich.</translation>
    </message>
    <message>
        <source>quantized model</source>
        <translation>quantisiertes Modell</translation>
    </message>
    <message>
        <source>full-precision model</source>
        <translation>Modell in voller Genauigkeit</translation>
    </message>
    <message>
        <source>Model to talk to</source>
        <translation>Modell, mit dem gesprochen wird</translation>
    </message>
    <message>
        <source>System prompt (optional)</source>
        <translation>Systemtext (freiwillig)</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>Systemtext</translation>
    </message>
    <message>
        <source>Continue the text</source>
        <translation>Text fortsetzen</translation>
    </message>
    <message>
        <source>Without a chat template: for models that only continue what they read</source>
        <translation>Ohne Gesprächsvorlage: für Modelle, die nur fortsetzen, was sie lesen</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Speichern …</translation>
    </message>
    <message>
        <source>Save this conversation</source>
        <translation>Dieses Gespräch speichern</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>0: the most probable token each time</source>
        <translation>0: jedes Mal das wahrscheinlichste Token</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Top k</source>
        <translation>Top k</translation>
    </message>
    <message>
        <source>Draw from the k most probable tokens</source>
        <translation>Aus den k wahrscheinlichsten Token ziehen</translation>
    </message>
    <message>
        <source>Top p</source>
        <translation>Top p</translation>
    </message>
    <message>
        <source>Draw from the fewest tokens that together are this probable</source>
        <translation>Aus den wenigsten Token ziehen, die zusammen so wahrscheinlich sind</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>The same seed draws the same tokens</source>
        <translation>Derselbe Startwert zieht dieselben Token</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Longest answer, in tokens</source>
        <translation>Längste Antwort, in Token</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Conversations that were kept, or a saved one</source>
        <translation>Aufbewahrte Gespräche oder ein gespeichertes</translation>
    </message>
</context>
<context>
    <name>ui::ChatView</name>
    <message>
        <source>Your message</source>
        <translation>Ihre Nachricht</translation>
    </message>
    <message>
        <source>Write a message. Enter sends, Shift+Enter starts a new line.</source>
        <translation>Schreiben Sie eine Nachricht. Eingabe sendet, Umschalt+Eingabe beginnt eine neue Zeile.</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message numerus="yes">
        <source>%1 tokens a second, %n token(s) read</source>
        <translation>
            <numerusform>%1 Token je Sekunde, %n Token gelesen</numerusform>
            <numerusform>%1 Token je Sekunde, %n Token gelesen</numerusform>
        </translation>
    </message>
    <message>
        <source>stopped by you</source>
        <translation>von Ihnen angehalten</translation>
    </message>
    <message>
        <source>Ask the model something. With ǌontinue the text” it goes on from what you write.</source>
        <translation>Fragen Sie das Modell etwas. Mit „Text fortsetzen“ schreibt es weiter, was Sie beginnen.</translation>
    </message>
    <message>
        <source>Open a model first</source>
        <translation>Erst ein Modell öffnen</translation>
    </message>
    <message>
        <source>Calibrate to talk to the quantized model</source>
        <translation>Kalibrieren, um mit dem quantisierten Modell zu sprechen</translation>
    </message>
    <message>
        <source>waiting for the job before it</source>
        <translation>wartet auf den Auftrag davor</translation>
    </message>
    <message>
        <source>stopping…</source>
        <translation>hält an …</translation>
    </message>
    <message>
        <source>writing…</source>
        <translation>schreibt …</translation>
    </message>
    <message>
        <source>The quantized model answers here.</source>
        <translation>Hier antwortet das quantisierte Modell.</translation>
    </message>
    <message>
        <source>Conversation with the quantized model</source>
        <translation>Gespräch mit dem quantisierten Modell</translation>
    </message>
    <message>
        <source>Again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Answer the last question once more, with the parameters as they are now</source>
        <translation>Die letzte Frage noch einmal beantworten, mit den Angaben, wie sie jetzt sind</translation>
    </message>
    <message>
        <source>Conversations (*.json)</source>
        <translation>Gespräche (*.json)</translation>
    </message>
    <message>
        <source>Save the conversation</source>
        <translation>Das Gespräch speichern</translation>
    </message>
    <message>
        <source>Open a conversation</source>
        <translation>Ein Gespräch öffnen</translation>
    </message>
    <message>
        <source>Nothing kept yet: every conversation is, on this machine alone</source>
        <translation>Noch nichts aufbewahrt: jedes Gespräch wird es, nur auf diesem Rechner</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>Aus einer Datei …</translation>
    </message>
    <message>
        <source>Forget kept conversations</source>
        <translation>Aufbewahrte Gespräche vergessen</translation>
    </message>
    <message>
        <source>Reading what was kept…</source>
        <translation>Aufgehobenes wird gelesen…</translation>
    </message>
    <message>
        <source>Read kept conversations</source>
        <translation>Aufgehobene Gespräche lesen</translation>
    </message>
</context>
<context>
    <name>ui::Cheaper</name>
    <message>
        <source>Batch of %1</source>
        <translation>Stapel zu %1</translation>
    </message>
    <message>
        <source>Fewer windows at once, and more steps; it was %1</source>
        <translation>Weniger Fenster auf einmal und mehr Schritte; es waren %1</translation>
    </message>
    <message>
        <source>In bf16</source>
        <translation>In bf16</translation>
    </message>
    <message>
        <source>Numbers of half the size while the transforms are learned</source>
        <translation>Zahlen halber Größe, während die Transformationen gelernt werden</translation>
    </message>
    <message>
        <source>Passes of %1 tokens</source>
        <translation>Durchgänge zu %1 Tokens</translation>
    </message>
    <message>
        <source>Fewer tokens at once; it was %1</source>
        <translation>Weniger Tokens auf einmal; es waren %1</translation>
    </message>
</context>
<context>
    <name>ui::DeviceRow</name>
    <message>
        <source>Memory in use</source>
        <translation>Belegter Speicher</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>What this program holds, of what the machine has</source>
        <translation>Was dieses Programm hält, von dem, was die Maschine hat</translation>
    </message>
    <message>
        <source>%1: %2, %3</source>
        <translation>%1: %2, %3</translation>
    </message>
    <message>
        <source>no GPU: %1</source>
        <translation>keine GPU: %1</translation>
    </message>
    <message>
        <source>The engine is being loaded</source>
        <translation>Der Rechenkern wird geladen</translation>
    </message>
    <message>
        <source>%1 of %2 memory in use</source>
        <translation>%1 von %2 Speicher belegt</translation>
    </message>
</context>
<context>
    <name>ui::DistributionPanel</name>
    <message>
        <source>Share of values per unit of the value. Y: logarithmic or linear, G: normal curve of the same mean and deviation, Home: whole range</source>
        <translation>Anteil der Werte je Einheit des Wertes. Y: logarithmisch oder linear, G: Normalkurve mit gleichem Mittel und gleicher Streuung, Pos1: ganzer Bereich</translation>
    </message>
    <message>
        <source>max |value| of each input channel over all rows or tokens. Home: whole range</source>
        <translation>größter |Wert| jedes Eingangskanals über alle Zeilen oder Token. Pos1: ganzer Bereich</translation>
    </message>
    <message>
        <source>%1 – values</source>
        <translation>%1 – Werte</translation>
    </message>
    <message>
        <source>%1 – channels</source>
        <translation>%1 – Kanäle</translation>
    </message>
</context>
<context>
    <name>ui::Document</name>
    <message>
        <source>Note on %1</source>
        <translation>Notiz zu %1</translation>
    </message>
</context>
<context>
    <name>ui::EngineTexts</name>
    <message>
        <source>identity</source>
        <translation>keine Transformation</translation>
    </message>
    <message>
        <source>affine</source>
        <translation>affin</translation>
    </message>
    <message>
        <source>rotation</source>
        <translation>Rotation</translation>
    </message>
    <message>
        <source>hadamard</source>
        <translation>Hadamard</translation>
    </message>
    <message>
        <source>activations</source>
        <translation>Aktivierungen</translation>
    </message>
    <message>
        <source>cached keys</source>
        <translation>zwischengespeicherte Schlüssel</translation>
    </message>
    <message>
        <source>cached values</source>
        <translation>zwischengespeicherte Werte</translation>
    </message>
    <message>
        <source>gates</source>
        <translation>Tore</translation>
    </message>
    <message>
        <source>held-out losses</source>
        <translation>zurückgehaltenen Verluste</translation>
    </message>
    <message>
        <source>kurtosis</source>
        <translation>Wölbung</translation>
    </message>
    <message>
        <source>pooled kurtosis</source>
        <translation>gemeinsame Wölbung</translation>
    </message>
    <message>
        <source>norm output kurtosis</source>
        <translation>Wölbung der Normausgabe</translation>
    </message>
    <message>
        <source>largest over median channel</source>
        <translation>größter durch mittleren Kanal</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 und %2</translation>
    </message>
    <message>
        <source>kurtosis %1</source>
        <translation>Wölbung %1</translation>
    </message>
    <message>
        <source>pooled kurtosis %1</source>
        <translation>gemeinsame Wölbung %1</translation>
    </message>
    <message>
        <source>norm output kurtosis %1</source>
        <translation>Wölbung der Normausgabe %1</translation>
    </message>
    <message>
        <source>largest over median channel %1</source>
        <translation>größter durch mittleren Kanal %1</translation>
    </message>
    <message>
        <source>%1, robust z %2</source>
        <translation>%1, robustes z %2</translation>
    </message>
    <message>
        <source>the profile asks for %1 in every %2 module (%3 do not decide)</source>
        <translation>das Profil verlangt %1 in jedem %2-Modul (%3 entscheiden nicht)</translation>
    </message>
    <message>
        <source>uncalibrated profile: %1 everywhere (%2 do not decide)</source>
        <translation>ungeeichtes Profil: überall %1 (%2 entscheiden nicht)</translation>
    </message>
    <message>
        <source>%1, robust z %2 passes the threshold %3 upwards</source>
        <translation>%1, robustes z %2 überschreitet die Schwelle %3</translation>
    </message>
    <message>
        <source>%1, robust z %2 does not pass the threshold %3 upwards</source>
        <translation>%1, robustes z %2 überschreitet die Schwelle %3 nicht</translation>
    </message>
    <message>
        <source>%1, robust z %2 passes the threshold %3 downwards</source>
        <translation>%1, robustes z %2 unterschreitet die Schwelle %3</translation>
    </message>
    <message>
        <source>%1, robust z %2 does not pass the threshold %3 downwards</source>
        <translation>%1, robustes z %2 unterschreitet die Schwelle %3 nicht</translation>
    </message>
    <message>
        <source>%1, robust z %2 lies outside +-%3</source>
        <translation>%1, robustes z %2 liegt außerhalb von ±%3</translation>
    </message>
    <message>
        <source>%1, robust z %2 lies within +-%3</source>
        <translation>%1, robustes z %2 liegt innerhalb von ±%3</translation>
    </message>
    <message>
        <source>%1, robust z %2 is among the %3 % highest</source>
        <translation>%1, robustes z %2 gehört zu den höchsten %3 %</translation>
    </message>
    <message>
        <source>%1, robust z %2 is not among the %3 % highest</source>
        <translation>%1, robustes z %2 gehört nicht zu den höchsten %3 %</translation>
    </message>
    <message>
        <source>%1, robust z %2 is among the %3 % lowest</source>
        <translation>%1, robustes z %2 gehört zu den niedrigsten %3 %</translation>
    </message>
    <message>
        <source>%1, robust z %2 is not among the %3 % lowest</source>
        <translation>%1, robustes z %2 gehört nicht zu den niedrigsten %3 %</translation>
    </message>
    <message>
        <source>affine, since the %1 of this module is not a number</source>
        <translation>affin, denn die Größe %1 dieses Moduls ist keine Zahl</translation>
    </message>
    <message>
        <source>the plan asks for %1 everywhere</source>
        <translation>der Plan verlangt überall %1</translation>
    </message>
    <message>
        <source>you: %1 (automatic: %2)</source>
        <translation>Sie: %1 (automatisch: %2)</translation>
    </message>
    <message>
        <source>not searched: the first candidate</source>
        <translation>nicht gesucht: der erste Kandidat</translation>
    </message>
    <message>
        <source>the best of %1 starts by held-out error</source>
        <translation>der beste von %1 Anfängen nach zurückgehaltenem Fehler</translation>
    </message>
    <message>
        <source>the best of %1 starts by held-out divergence</source>
        <translation>der beste von %1 Anfängen nach zurückgehaltener Divergenz</translation>
    </message>
    <message>
        <source>held-out error of %1 is %2 below that of the best %3 (+-%4, margin %5)</source>
        <translation>zurückgehaltener Fehler von %1 ist %2 kleiner als der des besten %3 (±%4, Spielraum %5)</translation>
    </message>
    <message>
        <source>held-out error of %1 is %2 above that of the best %3 (+-%4, margin %5)</source>
        <translation>zurückgehaltener Fehler von %1 ist %2 größer als der des besten %3 (±%4, Spielraum %5)</translation>
    </message>
    <message>
        <source>held-out divergence with %1 is %2 below that of the best %3 (+-%4, margin %5)</source>
        <translation>zurückgehaltene Divergenz mit %1 ist %2 kleiner als die des besten %3 (±%4, Spielraum %5)</translation>
    </message>
    <message>
        <source>held-out divergence with %1 is %2 above that of the best %3 (+-%4, margin %5)</source>
        <translation>zurückgehaltene Divergenz mit %1 ist %2 größer als die des besten %3 (±%4, Spielraum %5)</translation>
    </message>
    <message>
        <source>starts of %1 differ by %2</source>
        <translation>Anfänge von %1 unterscheiden sich um %2</translation>
    </message>
    <message>
        <source>the gate says %1</source>
        <translation>das Tor sagt %1</translation>
    </message>
    <message>
        <source>decided by the gate: %1</source>
        <translation>vom Tor entschieden: %1</translation>
    </message>
    <message>
        <source>layer %1 holds %2 values that are not finite; they are left out of its statistics</source>
        <translation>Schicht %1 enthält %2 nicht endliche Werte; sie zählen in ihrer Statistik nicht mit</translation>
    </message>
    <message>
        <source>module %1 has no kurtosis: the entries of one of its matrices are all equal, or none is finite</source>
        <translation>Modul %1 hat keine Wölbung: Die Einträge einer seiner Matrizen sind alle gleich, oder keiner ist endlich</translation>
    </message>
    <message>
        <source>robust z of %1 rests on %2 blocks; below %3 it says little</source>
        <translation>das robuste z von %1 beruht auf %2 Blöcken; unter %3 sagt es wenig</translation>
    </message>
    <message>
        <source>the kurtosis profile is not calibrated for this model family and bit setting: kurtosis has not been shown to predict the better transform here</source>
        <translation>das Wölbungsprofil ist für diese Modellfamilie und diese Bits nicht geeicht: Dass die Wölbung hier die bessere Transformation vorhersagt, ist nicht gezeigt</translation>
    </message>
    <message>
        <source>attention: %1</source>
        <translation>Attention: %1</translation>
    </message>
    <message>
        <source>mlp: %1</source>
        <translation>MLP: %1</translation>
    </message>
    <message>
        <source>block %1: %2</source>
        <translation>Block %1: %2</translation>
    </message>
    <message>
        <source>kurtosis does not predict the better kind here (strongest of what was tried: %1 for %2, rho %3, p %4 after the correction for all that was tried): affine everywhere; a search is recommended; on models left out of the fit: %5 against %6, so it does not carry over</source>
        <translation>die Wölbung sagt hier die bessere Art nicht voraus (am stärksten von allem Versuchten: %1 für %2, rho %3, p %4 nach der Korrektur für alles Versuchte): überall affin; eine Suche wird empfohlen; an nicht angepassten Modellen: %5 gegen %6, es überträgt sich also nicht</translation>
    </message>
    <message>
        <source>kurtosis does not predict the better kind here (strongest of what was tried: %1 for %2, rho %3, p %4 after the correction for all that was tried): affine everywhere; a search is recommended; on models left out of the fit: %5 against %6</source>
        <translation>die Wölbung sagt hier die bessere Art nicht voraus (am stärksten von allem Versuchten: %1 für %2, rho %3, p %4 nach der Korrektur für alles Versuchte): überall affin; eine Suche wird empfohlen; an nicht angepassten Modellen: %5 gegen %6</translation>
    </message>
    <message>
        <source>fitted to %1 models of %2 at %3</source>
        <translation>an %1 Modelle von %2 bei %3 angepasst</translation>
    </message>
    <message>
        <source>fitted to %1 model of %2 at %3</source>
        <translation>an %1 Modell von %2 bei %3 angepasst</translation>
    </message>
    <message>
        <source>attention: regret %1 over %2 modules, all affine %3</source>
        <translation>Attention: Nachteil %1 über %2 Module, alle affin %3</translation>
    </message>
    <message>
        <source>mlp: regret %1 over %2 modules, all affine %3</source>
        <translation>MLP: Nachteil %1 über %2 Module, alle affin %3</translation>
    </message>
    <message>
        <source>no plan yet: the search of these blocks is missing: %1</source>
        <translation>noch kein Plan: Es fehlt die Suche dieser Blöcke: %1</translation>
    </message>
    <message>
        <source>%1 losses were not finite and were left out</source>
        <translation>%1 Verluste waren nicht endlich und zählten nicht mit</translation>
    </message>
    <message>
        <source>gates and held-out losses name different kinds in %1 of %2 modules: the %3 decide</source>
        <translation>Tore und zurückgehaltene Verluste nennen in %1 von %2 Modulen verschiedene Arten: die %3 entscheiden</translation>
    </message>
    <message>
        <source>needs about %1 of memory, and %2 are there: fewer or shorter windows and a smaller batch need less</source>
        <translation>braucht etwa %1 Speicher, und %2 sind da: Weniger oder kürzere Fenster und kleinere Stapel brauchen weniger</translation>
    </message>
    <message>
        <source>needs about %1 on the disk, and %2 are free: write to another one</source>
        <translation>braucht etwa %1 auf dem Datenträger, und %2 sind frei: auf einen anderen schreiben</translation>
    </message>
    <message>
        <source>%1: back to the parameters of step %2 of %3, in fp32 instead of bf16 from here on</source>
        <translation>%1: zurück zu den Parametern von Schritt %2 von %3, von hier an in fp32 statt bf16</translation>
    </message>
    <message>
        <source>%1: back to the parameters of step %2 of %3, which are kept</source>
        <translation>%1: zurück zu den Parametern von Schritt %2 von %3, die bleiben</translation>
    </message>
    <message>
        <source>%1: back to the parameters of step %2 of %3, rates halved to %4 and %5</source>
        <translation>%1: zurück zu den Parametern von Schritt %2 von %3, Lernraten halbiert auf %4 und %5</translation>
    </message>
    <message>
        <source>the error ended at %1, above the start&apos;s %2</source>
        <translation>der Fehler endete bei %1, über dem des Anfangs %2</translation>
    </message>
    <message>
        <source>the loss of step %1 is %2</source>
        <translation>der Verlust von Schritt %1 ist %2</translation>
    </message>
    <message>
        <source>a gradient of step %1 is not finite at a loss of %2</source>
        <translation>ein Gradient von Schritt %1 ist nicht endlich bei einem Verlust von %2</translation>
    </message>
    <message>
        <source>a parameter is not finite after step %1</source>
        <translation>ein Parameter ist nach Schritt %1 nicht endlich</translation>
    </message>
    <message>
        <source>their error of %1 is above the start&apos;s: the start is kept</source>
        <translation>ihr Fehler %1 liegt über dem des Anfangs: der Anfang bleibt</translation>
    </message>
    <message>
        <source>trained in fp32 although bf16 was asked for: widths of 3 bits or less need it</source>
        <translation>in fp32 gelernt, obwohl bf16 verlangt war: Breiten von 3 Bits oder weniger brauchen es</translation>
    </message>
    <message>
        <source>guard rail: no uniform plan is better on held-out text (perplexity: %1)</source>
        <translation>Leitplanke: Kein einheitlicher Plan ist auf zurückgehaltenem Text besser (Perplexität: %1)</translation>
    </message>
    <message>
        <source>guard rail: use %1 instead, it is better on held-out text (perplexity: %2)</source>
        <translation>Leitplanke: %1 stattdessen verwenden, es ist auf zurückgehaltenem Text besser (Perplexität: %2)</translation>
    </message>
    <message>
        <source>%1 were quantized to %2 bits and are not here</source>
        <translation>%1 waren auf %2 Bits quantisiert und sind hier nicht enthalten</translation>
    </message>
    <message>
        <source>the weights are the values of codes of %1 bits carried back through the transforms: stored as floats, not packed</source>
        <translation>die Gewichte sind die Werte von Codes mit %1 Bits, durch die Transformationen zurückgeführt: als Gleitkommazahlen gespeichert, nicht gepackt</translation>
    </message>
    <message>
        <source>llama.cpp lets every token see all before it, where this model sees a window of %1</source>
        <translation>llama.cpp lässt jedes Token alle davor sehen, wo dieses Modell ein Fenster von %1 sieht</translation>
    </message>
    <message>
        <source>%1 matrices are stored as %2: llama.cpp runs no transform, so those behind one are folded back, and its blocks of 32 hold symmetric codes of 2 to 8 bits and asymmetric ones of 2 to 4</source>
        <translation>%1 Matrizen sind als %2 gespeichert: llama.cpp führt keine Transformation aus, also sind die dahinter zurückgefaltet, und seine Blöcke zu 32 fassen symmetrische Codes von 2 bis 8 Bits und asymmetrische von 2 bis 4</translation>
    </message>
    <message>
        <source>weights of layer %1</source>
        <translation>Gewichte von Schicht %1</translation>
    </message>
    <message>
        <source>weights read</source>
        <translation>Gewichte gelesen</translation>
    </message>
    <message>
        <source>activations of block %1</source>
        <translation>Aktivierungen von Block %1</translation>
    </message>
    <message>
        <source>activations read</source>
        <translation>Aktivierungen gelesen</translation>
    </message>
    <message>
        <source>block %1 of %2, epoch %3 of %4</source>
        <translation>Block %1 von %2, Epoche %3 von %4</translation>
    </message>
    <message>
        <source>block %1 of %2, %3 %4 of %5</source>
        <translation>Block %1 von %2, %3 %4 von %5</translation>
    </message>
    <message>
        <source>block %1 of %2</source>
        <translation>Block %1 von %2</translation>
    </message>
    <message>
        <source>block %1</source>
        <translation>Block %1</translation>
    </message>
    <message>
        <source>search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>comparing block %1 of %2</source>
        <translation>Block %1 von %2 wird verglichen</translation>
    </message>
    <message>
        <source>comparing block %1</source>
        <translation>Block %1 wird verglichen</translation>
    </message>
    <message>
        <source>compared</source>
        <translation>verglichen</translation>
    </message>
    <message>
        <source>reading block %1 of %2</source>
        <translation>Block %1 von %2 wird gelesen</translation>
    </message>
    <message>
        <source>folding block %1 of %2</source>
        <translation>Block %1 von %2 wird gefaltet</translation>
    </message>
    <message>
        <source>rounding block %1 of %2</source>
        <translation>Block %1 von %2 wird gerundet</translation>
    </message>
    <message>
        <source>writing block %1 of %2</source>
        <translation>Block %1 von %2 wird geschrieben</translation>
    </message>
    <message>
        <source>writing %1</source>
        <translation>%1 wird geschrieben</translation>
    </message>
    <message>
        <source>reading values</source>
        <translation>Werte werden gelesen</translation>
    </message>
    <message>
        <source>input of block %1</source>
        <translation>Eingabe von Block %1</translation>
    </message>
    <message>
        <source>estimating memory and time on one block</source>
        <translation>Speicher und Zeit werden an einem Block geschätzt</translation>
    </message>
    <message>
        <source>window %1 of %2, perplexity so far %3</source>
        <translation>Fenster %1 von %2, Perplexität bisher %3</translation>
    </message>
    <message>
        <source>window %1 of %2, perplexity %3, reference %4, KL %5</source>
        <translation>Fenster %1 von %2, Perplexität %3, Referenz %4, KL %5</translation>
    </message>
    <message>
        <source>pass %1 of %2</source>
        <translation>Durchgang %1 von %2</translation>
    </message>
    <message>
        <source>%1 of %2 requests</source>
        <translation>%1 von %2 Anfragen</translation>
    </message>
    <message>
        <source>encoding %1 items</source>
        <translation>%1 Aufgaben werden kodiert</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Tokens</translation>
    </message>
    <message>
        <source>resampling for the perplexity&apos;s standard error</source>
        <translation>Neuziehen für den Standardfehler der Perplexität</translation>
    </message>
    <message>
        <source>storing window %1 of %2</source>
        <translation>Fenster %1 von %2 wird gespeichert</translation>
    </message>
    <message>
        <source>module %1 alone</source>
        <translation>Modul %1 allein</translation>
    </message>
    <message>
        <source>waiting for the other ranks</source>
        <translation>wartet auf die anderen Ränge</translation>
    </message>
    <message>
        <source>memory ran out: a smaller batch or shorter windows need less</source>
        <translation>der Speicher reicht nicht: Kleinere Stapel oder kürzere Fenster brauchen weniger</translation>
    </message>
    <message>
        <source>no such file or folder</source>
        <translation>keine solche Datei und kein solcher Ordner</translation>
    </message>
    <message>
        <source>a model is a Hugging Face folder or a .gguf file</source>
        <translation>ein Modell ist ein Hugging-Face-Ordner oder eine .gguf-Datei</translation>
    </message>
    <message>
        <source>the folder has no config.json, so it is not a Hugging Face model</source>
        <translation>der Ordner hat keine config.json, ist also kein Hugging-Face-Modell</translation>
    </message>
    <message>
        <source>the folder has no config.json, so it is not a Hugging Face model%1</source>
        <translation>der Ordner hat keine config.json, ist also kein Hugging-Face-Modell%1</translation>
    </message>
    <message>
        <source>folder holds neither %1 nor %2</source>
        <translation>der Ordner enthält weder %1 noch %2</translation>
    </message>
    <message>
        <source>file of %1 bytes is too short for safetensors (empty or cut?)</source>
        <translation>die Datei ist mit %1 Bytes zu kurz für safetensors (leer oder abgeschnitten?)</translation>
    </message>
    <message>
        <source>is a GGUF file, not safetensors</source>
        <translation>ist eine GGUF-Datei, keine safetensors</translation>
    </message>
    <message>
        <source>header says it is %1 bytes long, the file has %2 after the length (cut short, or not safetensors?)</source>
        <translation>der Kopf nennt %1 Bytes Länge, die Datei hat nach der Länge %2 (abgeschnitten oder kein safetensors?)</translation>
    </message>
    <message>
        <source>tensor &apos;%1&apos;: bytes [%2, %3) leave the %4 tensor bytes of the file (cut short?)</source>
        <translation>Tensor „%1“: Bytes [%2, %3) liegen außerhalb der %4 Tensorbytes der Datei (abgeschnitten?)</translation>
    </message>
    <message>
        <source>the tensors end at byte %1 of %2: the rest belongs to no tensor</source>
        <translation>die Tensoren enden bei Byte %1 von %2: der Rest gehört zu keinem Tensor</translation>
    </message>
    <message>
        <source>shard &apos;%1&apos;, one of %2, is missing</source>
        <translation>Teil „%1“, einer von %2, fehlt</translation>
    </message>
    <message>
        <source>tensor has shape %1, the configuration asks for %2</source>
        <translation>der Tensor hat die Form %1, die Konfiguration verlangt %2</translation>
    </message>
    <message>
        <source>model type &apos;%1&apos; is not supported: %2 are</source>
        <translation>der Modelltyp „%1“ wird nicht unterstützt; unterstützt werden: %2</translation>
    </message>
    <message>
        <source>GGUF architecture &apos;%1&apos; is not supported: %2 are</source>
        <translation>die GGUF-Architektur „%1“ wird nicht unterstützt; unterstützt werden: %2</translation>
    </message>
    <message>
        <source>rope scaling &apos;%1&apos; is not supported: %2 are</source>
        <translation>die RoPE-Skalierung „%1“ wird nicht unterstützt; unterstützt werden: %2</translation>
    </message>
    <message>
        <source>activation &apos;%1&apos; is not supported: silu is</source>
        <translation>die Aktivierung „%1“ wird nicht unterstützt, nur silu</translation>
    </message>
    <message>
        <source>no tokenizer here: %1 is needed</source>
        <translation>kein Tokenizer hier: gebraucht wird %1</translation>
    </message>
    <message>
        <source>is too large to be read into memory</source>
        <translation>ist zu groß, um in den Speicher gelesen zu werden</translation>
    </message>
    <message>
        <source>the text has %1 tokens, one window needs %2</source>
        <translation>der Text hat %1 Tokens, ein Fenster braucht %2</translation>
    </message>
    <message>
        <source>the text has %1 tokens, fewer than one window of %2; take a longer text or shorter windows</source>
        <translation>der Text hat %1 Tokens, weniger als ein Fenster von %2; einen längeren Text oder kürzere Fenster nehmen</translation>
    </message>
    <message>
        <source>the text has no tokens</source>
        <translation>der Text hat keine Tokens</translation>
    </message>
    <message>
        <source>the plan was made for another model</source>
        <translation>der Plan wurde für ein anderes Modell gemacht</translation>
    </message>
    <message>
        <source>the plan has %1 blocks, the model %2</source>
        <translation>der Plan hat %1 Blöcke, das Modell %2</translation>
    </message>
    <message>
        <source>not a bundle written by Planish</source>
        <translation>kein von Planish geschriebenes Bündel</translation>
    </message>
    <message>
        <source>the bundle was made from another model</source>
        <translation>das Bündel wurde aus einem anderen Modell gemacht</translation>
    </message>
    <message>
        <source>a bundle&apos;s weights are codes: the model it was made from is needed here</source>
        <translation>die Gewichte eines Bündels sind Codes: hier wird das Modell gebraucht, aus dem es gemacht wurde</translation>
    </message>
    <message>
        <source>only a bundle can be exported: calibrate the model first</source>
        <translation>nur ein Bündel kann exportiert werden: zuerst das Modell kalibrieren</translation>
    </message>
    <message>
        <source>calibration needs a folder to write to</source>
        <translation>die Kalibrierung braucht einen Ordner zum Schreiben</translation>
    </message>
    <message>
        <source>an export needs a place to write to</source>
        <translation>ein Export braucht einen Ort zum Schreiben</translation>
    </message>
    <message>
        <source>the output exists and is no export of Planish; it is left alone</source>
        <translation>die Ausgabe gibt es schon, und sie ist kein Export von Planish; sie bleibt unberührt</translation>
    </message>
    <message>
        <source>the search needs a text</source>
        <translation>die Suche braucht einen Text</translation>
    </message>
    <message>
        <source>evaluation needs a text, tasks or items</source>
        <translation>die Bewertung braucht einen Text, Aufgaben oder eigene Fragen</translation>
    </message>
    <message>
        <source>where are the items of %1? name their folder, or a file as %2</source>
        <translation>wo liegen die Fragen von %1? Ihren Ordner nennen oder eine Datei als %2</translation>
    </message>
    <message>
        <source>a window of %1 tokens is longer than the model&apos;s context of %2</source>
        <translation>ein Fenster von %1 Tokens ist länger als der Kontext des Modells von %2</translation>
    </message>
    <message>
        <source>cannot open: %1</source>
        <translation>kann nicht geöffnet werden: %1</translation>
    </message>
    <message>
        <source>cannot read: %1</source>
        <translation>kann nicht gelesen werden: %1</translation>
    </message>
    <message>
        <source>cannot write: %1</source>
        <translation>kann nicht geschrieben werden: %1</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>kein Platz mehr auf dem Datenträger</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>keine Berechtigung</translation>
    </message>
    <message>
        <source>the top level is not a JSON object</source>
        <translation>die oberste Ebene ist kein JSON-Objekt</translation>
    </message>
    <message>
        <source>this rule looks at activations: it needs a text</source>
        <translation>diese Regel sieht auf Aktivierungen: sie braucht einen Text</translation>
    </message>
    <message>
        <source>%1 has no place for a transform that runs while the model does, and this module is %2; hf folds transforms back, or choose identity for all modules</source>
        <translation>%1 hat keinen Platz für eine Transformation, die im Betrieb läuft, und dieses Modul ist %2; hf faltet Transformationen zurück, oder für alle Module keine wählen</translation>
    </message>
    <message>
        <source>not valid JSON at byte %1: %2</source>
        <translation>kein gültiges JSON bei Byte %1: %2</translation>
    </message>
    <message>
        <source>%1 instead of %2: KL of the quantized model %3 instead of %4 nats (%5 +-%6) on %7 held-out tokens</source>
        <translation>%1 statt %2: KL des quantisierten Modells %3 statt %4 nats (%5 ±%6) auf %7 zurückgehaltenen Token</translation>
    </message>
    <message>
        <source>nothing that was tried lowers the KL of the quantized model beyond its error; the best, %1, moves it by %2 +-%3</source>
        <translation>nichts, was probiert wurde, senkt die KL des quantisierten Modells über ihren Fehler hinaus; das Beste, %1, verschiebt sie um %2 ±%3</translation>
    </message>
</context>
<context>
    <name>ui::ErrorCard</name>
    <message>
        <source>The file contradicts itself: fetch it again, or compare its size with the source.</source>
        <translation>Die Datei widerspricht sich: neu laden oder ihre Größe mit der Quelle vergleichen.</translation>
    </message>
    <message>
        <source>Check the path; a model is a folder with config.json and weights, or a .gguf file.</source>
        <translation>Den Pfad prüfen; ein Modell ist ein Ordner mit config.json und Gewichten oder eine .gguf-Datei.</translation>
    </message>
    <message>
        <source>Use a smaller batch or shorter windows, or the CPU instead of the GPU.</source>
        <translation>Kleinere Stapel oder kürzere Fenster verwenden, oder den Prozessor statt der Grafikkarte.</translation>
    </message>
    <message>
        <source>Check free space and the right to write in that folder.</source>
        <translation>Freien Platz und das Schreibrecht in diesem Ordner prüfen.</translation>
    </message>
    <message>
        <source>A smaller learning rate or full float32 precision usually helps.</source>
        <translation>Eine kleinere Lernrate oder volle Genauigkeit (float32) hilft meist.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>%1
in %2</source>
        <translation>%1
in %2</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>Diagnose kopieren</translation>
    </message>
    <message>
        <source>This text with versions, device and the model&apos;s name, for a report of a fault</source>
        <translation>Dieser Text mit Versionen, Gerät und dem Namen des Modells, für eine Fehlermeldung</translation>
    </message>
    <message>
        <source>%1 were free.</source>
        <translation>%1 waren frei.</translation>
    </message>
    <message>
        <source>%1 were needed in one piece, %2 were free.</source>
        <translation>%1 wurden am Stück gebraucht, %2 waren frei.</translation>
    </message>
    <message>
        <source>%1 were needed in one piece.</source>
        <translation>%1 wurden am Stück gebraucht.</translation>
    </message>
</context>
<context>
    <name>ui::ErrorPlot</name>
    <message>
        <source>Largest first</source>
        <translation>Größte zuerst</translation>
    </message>
    <message>
        <source>Orders them by their error instead of their depth (S)</source>
        <translation>Ordnet nach dem Fehler statt nach der Tiefe (S)</translation>
    </message>
    <message>
        <source>%1: not measured</source>
        <translation>%1: nicht gemessen</translation>
    </message>
    <message>
        <source>%1: %2 %3, %4 %5</source>
        <translation>%1: %2 %3, %4 %5</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1, rank %2 of %3</source>
        <translation>%1, Rang %2 von %3</translation>
    </message>
    <message numerus="yes">
        <source>the largest error of %n: </source>
        <translation>
            <numerusform>der größte Fehler von %n: </numerusform>
            <numerusform>der größte Fehler von %n: </numerusform>
        </translation>
    </message>
    <message>
        <source>layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>block</source>
        <translation>Block</translation>
    </message>
</context>
<context>
    <name>ui::EvaluateView</name>
    <message>
        <source>Progress of the evaluation</source>
        <translation>Fortschritt der Bewertung</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>Perplexität</translation>
    </message>
    <message>
        <source>Evaluate to see what quantization costs</source>
        <translation>Bewerten zeigt, was die Quantisierung kostet</translation>
    </message>
    <message>
        <source>Evaluations</source>
        <translation>Bewertungen</translation>
    </message>
    <message>
        <source>Not evaluated yet</source>
        <translation>Noch nicht bewertet</translation>
    </message>
    <message>
        <source>Evaluated</source>
        <translation>Bewertet</translation>
    </message>
    <message>
        <source>Waiting for the job before it</source>
        <translation>Wartet auf den Auftrag davor</translation>
    </message>
    <message>
        <source>%1  ·  %2 spent%3</source>
        <translation>%1  ·  %2 vergangen%3</translation>
    </message>
    <message>
        <source>, %1 left</source>
        <translation>, noch %1</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Hält an …</translation>
    </message>
    <message>
        <source>Stopped by you after %1</source>
        <translation>Von Ihnen nach %1 angehalten</translation>
    </message>
    <message>
        <source>Failed after %1</source>
        <translation>Nach %1 fehlgeschlagen</translation>
    </message>
    <message>
        <source>Done in %1</source>
        <translation>In %1 fertig</translation>
    </message>
    <message>
        <source>full precision</source>
        <translation>volle Genauigkeit</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Choose tasks and the folder of their items, then evaluate</source>
        <translation>Aufgaben und den Ordner mit ihren Fragen wählen, dann auswerten</translation>
    </message>
    <message>
        <source>Changed answers only</source>
        <translation>Nur geänderte Antworten</translation>
    </message>
    <message>
        <source>Items that one model has right and the other wrong</source>
        <translation>Fragen, die ein Modell richtig und das andere falsch beantwortet</translation>
    </message>
    <message>
        <source>Answers to single items</source>
        <translation>Antworten auf einzelne Fragen</translation>
    </message>
    <message>
        <source>Each evaluation becomes a row here</source>
        <translation>Jede Bewertung wird hier eine Zeile</translation>
    </message>
    <message>
        <source>Each task becomes a row here</source>
        <translation>Jede Aufgabe wird hier eine Zeile</translation>
    </message>
    <message>
        <source>Every item of the evaluated tasks becomes a row here, with what each model answered</source>
        <translation>Jede Frage der bewerteten Aufgaben wird hier eine Zeile, mit der Antwort jedes Modells</translation>
    </message>
    <message>
        <source>perplexity</source>
        <translation>Perplexität</translation>
    </message>
    <message>
        <source>▶ %1 %2 %</source>
        <translation>▶ %1 %2 %</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
</context>
<context>
    <name>ui::EvaluationForm</name>
    <message>
        <source>quantized against full precision</source>
        <translation>quantisiert gegen volle Genauigkeit</translation>
    </message>
    <message>
        <source>full precision alone</source>
        <translation>nur volle Genauigkeit</translation>
    </message>
    <message>
        <source>What to measure</source>
        <translation>Was gemessen wird</translation>
    </message>
    <message>
        <source>Evaluation text</source>
        <translation>Bewertungstext</translation>
    </message>
    <message>
        <source>Text to measure on</source>
        <translation>Text, auf dem gemessen wird</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>Window length</source>
        <translation>Fensterlänge</translation>
    </message>
    <message>
        <source>Tokens in each window; automatic: the smaller of 2048 and the model&apos;s context</source>
        <translation>Token in jedem Fenster; automatisch: das Kleinere von 2048 und dem Kontext des Modells</translation>
    </message>
    <message>
        <source>GPTQ: every token</source>
        <translation>GPTQ: jedes Token</translation>
    </message>
    <message>
        <source>llama.cpp: second half</source>
        <translation>llama.cpp: zweite Hälfte</translation>
    </message>
    <message>
        <source>Convention</source>
        <translation>Zählweise</translation>
    </message>
    <message>
        <source>Which predictions count: papers use the first, llama.cpp prints the second</source>
        <translation>Welche Vorhersagen zählen: Arbeiten nehmen die erste, llama.cpp druckt die zweite</translation>
    </message>
    <message>
        <source>whole text</source>
        <translation>ganzer Text</translation>
    </message>
    <message>
        <source>Tokens at most</source>
        <translation>Token höchstens</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>Zero-shot tasks</source>
        <translation>Zero-Shot-Aufgaben</translation>
    </message>
    <message>
        <source>Folder of the tasks&apos; items</source>
        <translation>Ordner mit den Fragen der Aufgaben</translation>
    </message>
    <message>
        <source>Folder with the data sets&apos; files</source>
        <translation>Ordner mit den Dateien der Datensätze</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Items of each task at most</source>
        <translation>Höchstens so viele Fragen je Aufgabe</translation>
    </message>
    <message>
        <source>Items in</source>
        <translation>Fragen in</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>Bewerten</translation>
    </message>
    <message>
        <source>Perplexity with its standard error, divergence from full precision, accuracies (seconds to hours); a stopped evaluation goes on where it was</source>
        <translation>Perplexität mit Standardfehler, Abweichung von voller Genauigkeit, Trefferquoten (Sekunden bis Stunden); eine angehaltene Auswertung geht dort weiter, wo sie war</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>Als Befehl kopieren</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>Erst ein Modell öffnen.</translation>
    </message>
    <message>
        <source>Choose a text to measure on, or tasks.</source>
        <translation>Einen Text zum Messen oder Aufgaben wählen.</translation>
    </message>
    <message>
        <source>Choose the folder that holds the tasks&apos; items.</source>
        <translation>Den Ordner mit den Fragen der Aufgaben wählen.</translation>
    </message>
    <message>
        <source>Calibrate to compare the quantized model with full precision.</source>
        <translation>Kalibrieren, um das quantisierte Modell mit voller Genauigkeit zu vergleichen.</translation>
    </message>
    <message>
        <source>The plan changed after the calibration: this measures the older one.</source>
        <translation>Der Plan wurde nach der Kalibrierung geändert: Dies misst den älteren.</translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>Bericht …</translation>
    </message>
    <message>
        <source>Plan, calibration and evaluations as one HTML page that needs nothing else</source>
        <translation>Plan, Kalibrierung und Bewertungen als eine HTML-Seite, die sonst nichts braucht</translation>
    </message>
    <message>
        <source>Items of your own</source>
        <translation>Eigene</translation>
    </message>
    <message>
        <source>A .jsonl of {query, choices, gold}</source>
        <translation>Eine .jsonl mit {query, choices, gold}</translation>
    </message>
    <message>
        <source>Own items</source>
        <translation>Eigene</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> Token</translation>
    </message>
</context>
<context>
    <name>ui::ExportFormat</name>
    <message>
        <source>Read by</source>
        <translation>Gelesen von</translation>
    </message>
    <message>
        <source>Carries</source>
        <translation>Enthält</translation>
    </message>
    <message>
        <source>Loses</source>
        <translation>Verliert</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>The bundle stays as it is and remains the only file with everything in it.</source>
        <translation>Das Bündel bleibt, wie es ist, und bleibt die einzige Datei mit allem darin.</translation>
    </message>
    <message>
        <source>every transform, so all modules of the plan must be identity; the quantizers of activations, keys and values</source>
        <translation>jede Transformation, also müssen alle Module des Plans identity sein; die Quantisierer von Aktivierungen, Schlüsseln und Werten</translation>
    </message>
    <message>
        <source>about an eighth of float32 at 4 bits; embedding and head stay numbers</source>
        <translation>etwa ein Achtel von float32 bei 4 Bit; Embedding und Kopf bleiben Zahlen</translation>
    </message>
    <message>
        <source>Hugging Face folder</source>
        <translation>Hugging-Face-Ordner</translation>
    </message>
    <message>
        <source>A plain Hugging Face folder</source>
        <translation>Ein einfacher Hugging-Face-Ordner</translation>
    </message>
    <message>
        <source>The weights as the quantizers rounded them, with every transform folded back, under their usual names in safetensors, beside configuration and tokenizer. It needs no code of Planish.</source>
        <translation>Die Gewichte, wie die Quantisierer sie gerundet haben, mit zurückgefalteten Transformationen, unter ihren üblichen Namen in safetensors, neben Konfiguration und Tokenizer. Code von Planish ist nicht nötig.</translation>
    </message>
    <message>
        <source>transformers, vLLM, SGLang, lm-eval, the converter of llama.cpp</source>
        <translation>transformers, vLLM, SGLang, lm-eval, dem Umwandler von llama.cpp</translation>
    </message>
    <message>
        <source>the rounding of every weight, exactly in float32; 16 bits round it once more</source>
        <translation>die Rundung jedes Gewichts, in float32 genau; 16 Bit runden noch einmal</translation>
    </message>
    <message>
        <source>the quantizers of activations, keys and values: it answers as the bundle does with those switched off</source>
        <translation>die Quantisierer von Aktivierungen, Schlüsseln und Werten: er antwortet wie das Bündel, wenn diese ausgeschaltet sind</translation>
    </message>
    <message>
        <source>that of the full model: codes become numbers again</source>
        <translation>die des vollen Modells: aus Codes werden wieder Zahlen</translation>
    </message>
    <message>
        <source>Integers as compressed-tensors packs them</source>
        <translation>Ganze Zahlen, wie compressed-tensors sie packt</translation>
    </message>
    <message>
        <source>The codes and scales of every linear layer, and a configuration that names their width by module.</source>
        <translation>Codes und Skalen jeder linearen Schicht und eine Konfiguration, die ihre Breite je Modul nennt.</translation>
    </message>
    <message>
        <source>vLLM, SGLang, transformers</source>
        <translation>vLLM, SGLang, transformers</translation>
    </message>
    <message>
        <source>codes of 2 to 8 bits and their scales exactly in the type of the source; groups, zeros, different widths by module</source>
        <translation>Codes von 2 bis 8 Bit und ihre Skalen genau im Typ der Quelle; Gruppen, Nullpunkte, verschiedene Breiten je Modul</translation>
    </message>
    <message>
        <source>Integers as GPTQ packs them</source>
        <translation>Ganze Zahlen, wie GPTQ sie packt</translation>
    </message>
    <message>
        <source>The layout that most programs read. The codes need not come from the GPTQ method.</source>
        <translation>Die Anordnung, die die meisten Programme lesen. Die Codes müssen nicht aus dem Verfahren GPTQ stammen.</translation>
    </message>
    <message>
        <source>vLLM, SGLang, transformers with GPTQModel, ExLlama</source>
        <translation>vLLM, SGLang, transformers mit GPTQModel, ExLlama</translation>
    </message>
    <message>
        <source>codes of 2, 3, 4 or 8 bits, one width for the whole model; scales in float16</source>
        <translation>Codes von 2, 3, 4 oder 8 Bit, eine Breite für das ganze Modell; Skalen in float16</translation>
    </message>
    <message>
        <source>Integers as AWQ packs them</source>
        <translation>Ganze Zahlen, wie AWQ sie packt</translation>
    </message>
    <message>
        <source>The layout of AutoAWQ&apos;s matrix kernels. The codes need not come from the AWQ method.</source>
        <translation>Die Anordnung der Matrixkerne von AutoAWQ. Die Codes müssen nicht aus dem Verfahren AWQ stammen.</translation>
    </message>
    <message>
        <source>vLLM, SGLang, transformers with GPTQModel</source>
        <translation>vLLM, SGLang, transformers mit GPTQModel</translation>
    </message>
    <message>
        <source>codes of 4 bits with zeros; scales in float16</source>
        <translation>Codes von 4 Bit mit Nullpunkten; Skalen in float16</translation>
    </message>
    <message>
        <source>One file for llama.cpp</source>
        <translation>Eine Datei für llama.cpp</translation>
    </message>
    <message>
        <source>Weights, configuration, tokenizer and chat template in one file. Modules without a transform keep their codes in blocks of 32; the others are folded back and stored as numbers.</source>
        <translation>Gewichte, Konfiguration, Tokenizer und Chat-Vorlage in einer Datei. Module ohne Transformation behalten ihre Codes in Blöcken von 32; die anderen werden zurückgefaltet und als Zahlen gespeichert.</translation>
    </message>
    <message>
        <source>llama.cpp, Ollama, LM Studio, transformers</source>
        <translation>llama.cpp, Ollama, LM Studio, transformers</translation>
    </message>
    <message>
        <source>symmetric codes of 2 to 8 bits (Q4_0, Q8_0) and asymmetric ones of up to 4 (Q4_1), by module; scales in float16</source>
        <translation>symmetrische Codes von 2 bis 8 Bit (Q4_0, Q8_0) und asymmetrische bis 4 (Q4_1), je Modul; Skalen in float16</translation>
    </message>
    <message>
        <source>transforms where codes are to stay; the quantizers of activations, keys and values</source>
        <translation>Transformationen, wo Codes bleiben sollen; die Quantisierer von Aktivierungen, Schlüsseln und Werten</translation>
    </message>
    <message>
        <source>4.5 bits a weight in Q4_0, 5 in Q4_1, 8.5 in Q8_0; 16 behind a transform</source>
        <translation>4,5 Bit je Gewicht in Q4_0, 5 in Q4_1, 8,5 in Q8_0; 16 hinter einer Transformation</translation>
    </message>
</context>
<context>
    <name>ui::ExportView</name>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>as in the source</source>
        <translation>wie in der Quelle</translation>
    </message>
    <message>
        <source>Type of the weights</source>
        <translation>Typ der Gewichte</translation>
    </message>
    <message>
        <source>The rounded weights are stored in this type; 16 bits round them once more</source>
        <translation>Die gerundeten Gewichte werden in diesem Typ gespeichert; 16 Bit runden sie noch einmal</translation>
    </message>
    <message>
        <source>Folder to write</source>
        <translation>Ordner, in den geschrieben wird</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>The largest difference of any weight, and the perplexity of the bundle and of what was written</source>
        <translation>Der größte Unterschied eines Gewichts und die Perplexität des Bündels und des Geschriebenen</translation>
    </message>
    <message>
        <source>Text to compare on</source>
        <translation>Text zum Vergleichen</translation>
    </message>
    <message>
        <source>a text inside the program</source>
        <translation>ein Text im Programm</translation>
    </message>
    <message>
        <source>whole text</source>
        <translation>ganzer Text</translation>
    </message>
    <message>
        <source>Tokens to compare on</source>
        <translation>Token zum Vergleichen</translation>
    </message>
    <message>
        <source>Weights as</source>
        <translation>Gewichte als</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>Als Befehl kopieren</translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation>Fortschritt des Exports</translation>
    </message>
    <message>
        <source>What the format carries</source>
        <translation>Was das Format enthält</translation>
    </message>
    <message>
        <source>What was written</source>
        <translation>Was geschrieben wurde</translation>
    </message>
    <message>
        <source>What is written, and whether it reads back the same, is said here.</source>
        <translation>Was geschrieben wird und ob es sich gleich zurückliest, steht dann hier.</translation>
    </message>
    <message>
        <source>Quantized model: %1</source>
        <translation>Quantisiertes Modell: %1</translation>
    </message>
    <message>
        <source>There is no quantized model yet: calibrate first</source>
        <translation>Es gibt noch kein quantisiertes Modell: erst kalibrieren</translation>
    </message>
    <message>
        <source>%1 is not there any more</source>
        <translation>%1 ist nicht mehr da</translation>
    </message>
    <message>
        <source>It is older than the plan: the choices since then are not in it</source>
        <translation>Es ist älter als der Plan: Die Entscheidungen seither sind nicht darin</translation>
    </message>
    <message>
        <source>The folder is not empty; only an earlier export is replaced</source>
        <translation>Der Ordner ist nicht leer; nur ein früherer Export wird ersetzt</translation>
    </message>
    <message>
        <source>It needs about %1 and the disk has %2</source>
        <translation>Es braucht etwa %1, und die Platte hat %2</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>%1
%2 spent, %3 left</source>
        <translation>%1
%2 vergangen, noch %3</translation>
    </message>
    <message>
        <source>Stopped by you; nothing was left in the folder</source>
        <translation>Von Ihnen angehalten; im Ordner blieb nichts zurück</translation>
    </message>
    <message numerus="yes">
        <source>&lt;h3&gt;Written&lt;/h3&gt;&lt;p&gt;%1&lt;br&gt;%2 in %n file(s), weights as %3&lt;/p&gt;</source>
        <translation>
            <numerusform>&lt;h3&gt;Geschrieben&lt;/h3&gt;&lt;p&gt;%1&lt;br&gt;%2 in %n Datei, Gewichte als %3&lt;/p&gt;</numerusform>
            <numerusform>&lt;h3&gt;Geschrieben&lt;/h3&gt;&lt;p&gt;%1&lt;br&gt;%2 in %n Dateien, Gewichte als %3&lt;/p&gt;</numerusform>
        </translation>
    </message>
    <message>
        <source>&lt;p&gt;It was not read back.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Es wurde nicht zurückgelesen.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>&lt;p&gt;Lost: %1&lt;/p&gt;</source>
        <translation>&lt;p&gt;Verloren: %1&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Read it back</source>
        <translation>Zurücklesen</translation>
    </message>
    <message>
        <source>Write to</source>
        <translation>Ziel</translation>
    </message>
    <message>
        <source>To write: %1</source>
        <translation>Geschrieben wird: %1</translation>
    </message>
    <message>
        <source>Name a place to write to</source>
        <translation>Nennen Sie ein Ziel</translation>
    </message>
    <message>
        <source>The format can carry it</source>
        <translation>Das Format kann es tragen</translation>
    </message>
    <message>
        <source>Lost: %1</source>
        <translation>Verloren: %1</translation>
    </message>
    <message>
        <source>Size about %1</source>
        <translation>Größe etwa %1</translation>
    </message>
    <message>
        <source>File to write</source>
        <translation>Zu schreibende Datei</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> Token</translation>
    </message>
    <message>
        <source>&lt;p&gt;✓ Read back and measured. The largest difference of a weight is &lt;b&gt;%1&lt;/b&gt;, the rounding to %5 included.&lt;br&gt;Perplexity over %2 tokens, with the quantizers of activations, keys and values off: bundle &lt;b&gt;%3&lt;/b&gt;, what was written &lt;b&gt;%4&lt;/b&gt;.&lt;/p&gt;</source>
        <translation>&lt;p&gt;✓ Zurückgelesen und gemessen. Der größte Unterschied eines Gewichts ist &lt;b&gt;%1&lt;/b&gt;, das Runden auf %5 eingeschlossen.&lt;br&gt;Perplexität über %2 Token, ohne die Quantisierer von Aktivierungen, Schlüsseln und Werten: quantisiertes Modell &lt;b&gt;%3&lt;/b&gt;, Geschriebenes &lt;b&gt;%4&lt;/b&gt;.&lt;/p&gt;</translation>
    </message>
</context>
<context>
    <name>ui::FilterBar</name>
    <message>
        <source>Filter: down  z&gt;3.5  !yours</source>
        <translation>Filter: down  z&gt;3.5  !yours</translation>
    </message>
    <message>
        <source>Filter of the layers</source>
        <translation>Filter der Schichten</translation>
    </message>
    <message>
        <source>Terms that must all hold: numbers (z&gt;3.5, kurtosis&lt;1, sqnr&lt;=15), keys (role:down, module:mlp, choice:rotation, type:bf16, note:text), states (auto, yours, stale, unread, nan, noted) and any other word. A leading ! turns a term round. Down arrow shows what may follow.</source>
        <translation>Begriffe, die alle gelten müssen: Zahlen (z&gt;3.5, kurtosis&lt;1, sqnr&lt;=15), Schlüssel (role:down, module:mlp, choice:rotation, type:bf16, note:text), Zustände (auto, yours, stale, unread, nan, noted) und jedes andere Wort. Ein ! davor kehrt einen Begriff um. Die Pfeiltaste nach unten zeigt, was folgen kann.</translation>
    </message>
    <message>
        <source>Kept filters</source>
        <translation>Behaltene Filter</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n layer(s) measured</source>
        <translation>
            <numerusform>%1 von %n Schicht gemessen</numerusform>
            <numerusform>%1 von %n Schichten gemessen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n layer(s)</source>
        <translation>
            <numerusform>%1 von %n Schicht</numerusform>
            <numerusform>%1 von %n Schichten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n Schicht</numerusform>
            <numerusform>%n Schichten</numerusform>
        </translation>
    </message>
    <message>
        <source>Forget this filter</source>
        <translation>Diesen Filter vergessen</translation>
    </message>
    <message>
        <source>Keep this filter</source>
        <translation>Diesen Filter behalten</translation>
    </message>
</context>
<context>
    <name>ui::Finder</name>
    <message>
        <source>Nothing of that name</source>
        <translation>Nichts dieses Namens</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Was gefunden wurde</translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>Gehe zu</translation>
    </message>
</context>
<context>
    <name>ui::Format</name>
    <message>
        <source>n/a</source>
        <translation>k. A.</translation>
    </message>
    <message>
        <source>%1 billion</source>
        <translation>%1 Milliarden</translation>
    </message>
    <message>
        <source>%1 million</source>
        <translation>%1 Millionen</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>attention</source>
        <translation>Attention</translation>
    </message>
    <message>
        <source>MLP</source>
        <translation>MLP</translation>
    </message>
    <message>
        <source>block %1, %2</source>
        <translation>Block %1, %2</translation>
    </message>
    <message>
        <source>normalized input of q, k and v</source>
        <translation>normierte Eingabe von q, k und v</translation>
    </message>
    <message>
        <source>heads&apos; output, input of o</source>
        <translation>Ausgabe der Köpfe, Eingabe von o</translation>
    </message>
    <message>
        <source>keys as they are cached</source>
        <translation>Schlüssel, wie sie gespeichert werden</translation>
    </message>
    <message>
        <source>values as they are cached</source>
        <translation>Werte, wie sie gespeichert werden</translation>
    </message>
    <message>
        <source>normalized input of gate and up</source>
        <translation>normierte Eingabe von gate und up</translation>
    </message>
    <message>
        <source>gated product, input of down</source>
        <translation>Produkt mit dem Gatter, Eingabe von down</translation>
    </message>
    <message>
        <source>%1 everywhere</source>
        <translation>überall %1</translation>
    </message>
    <message>
        <source>rotation where z &gt; %1</source>
        <translation>Rotation, wo z &gt; %1</translation>
    </message>
    <message>
        <source>rotation where z &lt; %1</source>
        <translation>Rotation, wo z &lt; %1</translation>
    </message>
    <message>
        <source>rotation where |z| &gt; %1</source>
        <translation>Rotation, wo |z| &gt; %1</translation>
    </message>
    <message>
        <source>rotation for the highest %1 of z</source>
        <translation>Rotation für die höchsten %1 von z</translation>
    </message>
    <message>
        <source>rotation for the lowest %1 of z</source>
        <translation>Rotation für die niedrigsten %1 von z</translation>
    </message>
</context>
<context>
    <name>ui::GatePlot</name>
    <message>
        <source>gate step</source>
        <translation>Schritt der Tore</translation>
    </message>
    <message>
        <source>probability</source>
        <translation>Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>step %1 of %2, temperature %3</source>
        <translation>Schritt %1 von %2, Temperatur %3</translation>
    </message>
    <message>
        <source>step %1: %2 %3, temperature %4</source>
        <translation>Schritt %1: %2 %3, Temperatur %4</translation>
    </message>
    <message>
        <source>%1 ends at %2</source>
        <translation>%1 endet bei %2</translation>
    </message>
</context>
<context>
    <name>ui::GroupRuleEditor</name>
    <message>
        <source>all %1</source>
        <translation>alle %1</translation>
    </message>
    <message>
        <source>rotate z &gt; β</source>
        <translation>Rotation bei z &gt; β</translation>
    </message>
    <message>
        <source>rotate z &lt; −β</source>
        <translation>Rotation bei z &lt; −β</translation>
    </message>
    <message>
        <source>rotate |z| &gt; β</source>
        <translation>Rotation bei |z| &gt; β</translation>
    </message>
    <message>
        <source>rotate highest share</source>
        <translation>Rotation: höchster Anteil</translation>
    </message>
    <message>
        <source>rotate lowest share</source>
        <translation>Rotation: niedrigster Anteil</translation>
    </message>
    <message>
        <source>Rule for %1</source>
        <translation>Regel für %1</translation>
    </message>
    <message>
        <source>How the automatic choice is made from robust z: else affine</source>
        <translation>Wie die automatische Wahl aus dem robusten z folgt: sonst affin</translation>
    </message>
    <message>
        <source>Threshold for %1</source>
        <translation>Schwelle für %1</translation>
    </message>
    <message>
        <source>β: a robust z, or a share of the modules</source>
        <translation>β: ein robustes z oder ein Anteil der Module</translation>
    </message>
</context>
<context>
    <name>ui::HeatMapModel</name>
    <message>
        <source>%1: not measured</source>
        <translation>%1: nicht gemessen</translation>
    </message>
    <message>
        <source>%1: %2 %3, rank %4 of %5</source>
        <translation>%1: %2 %3, Rang %4 von %5</translation>
    </message>
    <message>
        <source>%1: %2 %3 in A, %4 in B</source>
        <translation>%1: %2 %3 in A, %4 in B</translation>
    </message>
</context>
<context>
    <name>ui::HelpWindow</name>
    <message>
        <source>en</source>
        <comment>folder of the help pages</comment>
        <extracomment>The folder of the help pages in this language; keep &quot;en&quot; where they are not translated.</extracomment>
        <translation>de</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Pages of the help</source>
        <translation>Seiten der Hilfe</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Seite</translation>
    </message>
</context>
<context>
    <name>ui::HistogramPlot</name>
    <message>
        <source>value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>density</source>
        <translation>Dichte</translation>
    </message>
    <message numerus="yes">
        <source>%n value(s) outside the bins</source>
        <translation>
            <numerusform>%n Wert außerhalb der Klassen</numerusform>
            <numerusform>%n Werte außerhalb der Klassen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n NaN or infinite</source>
        <translation>
            <numerusform>%n NaN oder unendlich</numerusform>
            <numerusform>%n NaN oder unendlich</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 %2: %3 values, density %4</source>
        <translation>%1 %2: %3 Werte, Dichte %4</translation>
    </message>
    <message>
        <source>%1: %2 values between %3 and %4, mean %5, standard deviation %6, excess kurtosis %7</source>
        <translation>%1: %2 Werte zwischen %3 und %4, Mittel %5, Standardabweichung %6, Exzess-Wölbung %7</translation>
    </message>
    <message>
        <source>before</source>
        <translation>vorher</translation>
    </message>
    <message>
        <source>after</source>
        <translation>nachher</translation>
    </message>
    <message>
        <source>normal</source>
        <translation>normal</translation>
    </message>
    <message>
        <source>%1-bit grid</source>
        <translation>%1-Bit-Raster</translation>
    </message>
    <message>
        <source>; after: between %1 and %2, standard deviation %3, excess kurtosis %4</source>
        <translation>; nachher: zwischen %1 und %2, Standardabweichung %3, Exzess-Kurtosis %4</translation>
    </message>
    <message>
        <source>clip at %1: %2 dB SQNR, %3 dB unclipped</source>
        <translation>Schnitt bei %1: %2 dB SQNR, %3 dB ungeschnitten</translation>
    </message>
</context>
<context>
    <name>ui::InspectView</name>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>The matrix itself (W)</source>
        <translation>Die Matrix selbst (W)</translation>
    </message>
    <message>
        <source>Input activations</source>
        <translation>Eingangsaktivierungen</translation>
    </message>
    <message>
        <source>What enters the matrix (X), over the tokens measured</source>
        <translation>Was in die Matrix hineingeht (X), über die gemessenen Token</translation>
    </message>
    <message>
        <source>Largest first</source>
        <translation>Größte zuerst</translation>
    </message>
    <message>
        <source>Orders the channels by their largest magnitude</source>
        <translation>Ordnet die Kanäle nach ihrem größten Betrag</translation>
    </message>
    <message>
        <source>Measure activations…</source>
        <translation>Aktivierungen messen …</translation>
    </message>
    <message>
        <source>Runs a text through the model and gathers the statistics of every site (seconds to minutes)</source>
        <translation>Schickt einen Text durch das Modell und sammelt die Statistik jeder Stelle (Sekunden bis Minuten)</translation>
    </message>
    <message>
        <source>working…</source>
        <translation>arbeitet …</translation>
    </message>
    <message>
        <source>No activations yet.
Measure them with a text.</source>
        <translation>Noch keine Aktivierungen.
Mit einem Text messen.</translation>
    </message>
    <message>
        <source>Not read yet</source>
        <translation>Noch nicht gelesen</translation>
    </message>
    <message>
        <source>No layer selected</source>
        <translation>Keine Schicht gewählt</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>activation</source>
        <translation>Aktivierung</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>cache value</source>
        <translation>Cachewert</translation>
    </message>
    <message>
        <source>Only k and v have a cache.
Select one of them.</source>
        <translation>Nur k und v haben einen Cache.
Wählen Sie eine davon.</translation>
    </message>
    <message>
        <source>No input activations</source>
        <translation>Keine Eingangsaktivierungen</translation>
    </message>
    <message>
        <source>measuring the quantized model…</source>
        <translation>das quantisierte Modell wird gemessen …</translation>
    </message>
    <message>
        <source>no quantized model beside this one yet: calibrate first</source>
        <translation>noch kein quantisiertes Modell daneben: zuerst kalibrieren</translation>
    </message>
    <message>
        <source>%1 – values</source>
        <translation>%1 – Werte</translation>
    </message>
    <message>
        <source>%1 – channels</source>
        <translation>%1 – Kanäle</translation>
    </message>
    <message>
        <source>%1 – quantiles</source>
        <translation>%1 – Quantile</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen …</translation>
    </message>
    <message>
        <source>%1 – map</source>
        <translation>%1 – Karte</translation>
    </message>
    <message>
        <source>, quantized</source>
        <translation>, quantisiert</translation>
    </message>
    <message>
        <source>All layers – %1</source>
        <translation>Alle Schichten – %1</translation>
    </message>
    <message>
        <source>All %1 – %2</source>
        <translation>Alle %1 – %2</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>Cache</translation>
    </message>
    <message>
        <source>Of k: the keys after RoPE, of v: the values, as the cache keeps them</source>
        <translation>Von k: die Schlüssel nach RoPE, von v: die Werte, wie der Cache sie hält</translation>
    </message>
    <message>
        <source>B over A: in every picture and in the table</source>
        <translation>B über A: in jedem Bild und in der Tabelle</translation>
    </message>
    <message>
        <source>What B is</source>
        <translation>Was B ist</translation>
    </message>
    <message>
        <source>behind the transform</source>
        <translation>hinter der Transformation</translation>
    </message>
    <message>
        <source>The values as the module&apos;s transform makes them</source>
        <translation>Die Werte, wie die Transformation des Moduls sie macht</translation>
    </message>
    <message>
        <source>quantized model</source>
        <translation>quantisiertes Modell</translation>
    </message>
    <message>
        <source>The calibrated model beside the original</source>
        <translation>Das kalibrierte Modell neben dem Original</translation>
    </message>
    <message>
        <source>, before the transform</source>
        <translation>, vor der Transformation</translation>
    </message>
    <message>
        <source>Tokens in the map and the quantiles</source>
        <translation>Tokens in Karte und Quantilen</translation>
    </message>
    <message>
        <source>How much of the text the map and the quantiles look at. The map shows the largest of neighbours; zooming in asks for each token</source>
        <translation>Wie viel vom Text Karte und Quantile ansehen. Die Karte zeigt den größten von Nachbarn; näher heran fragt sie nach jedem Token</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n Token</numerusform>
            <numerusform>%n Tokens</numerusform>
        </translation>
    </message>
    <message>
        <source>Compare (B) with</source>
        <translation>Vergleich (B) mit</translation>
    </message>
</context>
<context>
    <name>ui::Inspections</name>
    <message>
        <source>Map of values</source>
        <translation>Karte der Werte</translation>
    </message>
    <message>
        <source>Quantiles</source>
        <translation>Quantile</translation>
    </message>
    <message>
        <source>Measure the quantized model</source>
        <translation>Quantisiertes Modell messen</translation>
    </message>
</context>
<context>
    <name>ui::IntervalPlot</name>
    <message>
        <source>full precision</source>
        <translation>volle Genauigkeit</translation>
    </message>
    <message>
        <source>quantized</source>
        <translation>quantisiert</translation>
    </message>
</context>
<context>
    <name>ui::ItemTableModel</name>
    <message>
        <source>gained</source>
        <translation>gewonnen</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>verloren</translation>
    </message>
    <message>
        <source>The answer given, with the sum of its tokens&apos; log-probabilities in nats</source>
        <translation>Die gegebene Antwort mit der Summe der Log-Wahrscheinlichkeiten ihrer Token in Nat</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>The item&apos;s name, or its place in the file</source>
        <translation>Name der Frage oder ihr Platz in der Datei</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Frage</translation>
    </message>
    <message>
        <source>What the model reads before the choices</source>
        <translation>Was das Modell vor den Antworten liest</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>Fragetext</translation>
    </message>
    <message>
        <source>The right answer</source>
        <translation>Die richtige Antwort</translation>
    </message>
    <message>
        <source>Right answer</source>
        <translation>Richtige Antwort</translation>
    </message>
    <message>
        <source>Full precision</source>
        <translation>Volle Genauigkeit</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>Quantisiert</translation>
    </message>
    <message>
        <source>What quantization did to this item</source>
        <translation>Was die Quantisierung an dieser Frage geändert hat</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Änderung</translation>
    </message>
</context>
<context>
    <name>ui::Job</name>
    <message>
        <source>Paused: %1</source>
        <translation>Angehalten: %1</translation>
    </message>
</context>
<context>
    <name>ui::JobRunner</name>
    <message>
        <source>Memory ran out. Smaller batches or windows need less.</source>
        <translation>Der Speicher reichte nicht. Kleinere Stapel oder Fenster brauchen weniger.</translation>
    </message>
    <message>
        <source>An unknown error</source>
        <translation>Ein unbekannter Fehler</translation>
    </message>
</context>
<context>
    <name>ui::JobsModel</name>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>stopping…</source>
        <translation>hält an …</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>stopped by you</source>
        <translation>von Ihnen angehalten</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Spent</source>
        <translation>Vergangen</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Übrig</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>angehalten</translation>
    </message>
</context>
<context>
    <name>ui::JobsPanel</name>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Run again</source>
        <translation>Erneut ausführen</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>Als Befehl kopieren</translation>
    </message>
    <message>
        <source>The planish line that does the same, for a terminal or a server</source>
        <translation>Die planish-Zeile, die dasselbe tut, für ein Terminal oder einen Server</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
</context>
<context>
    <name>ui::Kind</name>
    <message>
        <source>affine</source>
        <translation>affin</translation>
    </message>
    <message>
        <source>rotation</source>
        <translation>Rotation</translation>
    </message>
    <message>
        <source>Hadamard</source>
        <translation>Hadamard</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>any invertible matrix, two Kronecker factors, learned</source>
        <translation>beliebige umkehrbare Matrix, zwei Kronecker-Faktoren, gelernt</translation>
    </message>
    <message>
        <source>orthogonal Kronecker factors, learned from a Hadamard start</source>
        <translation>orthogonale Kronecker-Faktoren, von einem Hadamard-Beginn aus gelernt</translation>
    </message>
    <message>
        <source>fixed orthogonal Hadamard factors, nothing to learn</source>
        <translation>feste orthogonale Hadamard-Faktoren, nichts zu lernen</translation>
    </message>
    <message>
        <source>no transform: quantize as it is</source>
        <translation>keine Transformation: quantisieren, wie es ist</translation>
    </message>
    <message>
        <source>%1, start %2</source>
        <translation>%1, Start %2</translation>
    </message>
</context>
<context>
    <name>ui::KindDelegate</name>
    <message>
        <source>Transform of the module</source>
        <translation>Transformation des Moduls</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
</context>
<context>
    <name>ui::KindTable</name>
    <message>
        <source>As the rule chose</source>
        <translation>Wie die Regel wählte</translation>
    </message>
    <message>
        <source>Copy rows</source>
        <translation>Zeilen kopieren</translation>
    </message>
</context>
<context>
    <name>ui::LayerBrowser</name>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>One row a matrix</source>
        <translation>Eine Zeile je Matrix</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Wärmekarte</translation>
    </message>
    <message>
        <source>Blocks down, matrices across, one number as colour</source>
        <translation>Blöcke abwärts, Matrizen quer, eine Zahl als Farbe</translation>
    </message>
    <message>
        <source>Columns of the table</source>
        <translation>Spalten der Tabelle</translation>
    </message>
    <message>
        <source>Number that is shown as colour</source>
        <translation>Zahl, die als Farbe erscheint</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Layers as a heat map</source>
        <translation>Schichten als Wärmekarte</translation>
    </message>
    <message numerus="yes">
        <source>%n block(s)</source>
        <translation>
            <numerusform>%n Block</numerusform>
            <numerusform>%n Blöcke</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 Parameter</translation>
    </message>
    <message>
        <source>
Tokenizer: %1, %2 tokens</source>
        <translation>
Tokenizer: %1, %2 Tokens</translation>
    </message>
</context>
<context>
    <name>ui::LayerCard</name>
    <message>
        <source>&amp;Notes</source>
        <translation>&amp;Notizen</translation>
    </message>
    <message>
        <source>Notes on this model</source>
        <translation>Notizen zu diesem Modell</translation>
    </message>
    <message>
        <source>Kept in the project file</source>
        <translation>Werden in der Projektdatei aufbewahrt</translation>
    </message>
    <message>
        <source>No layer selected</source>
        <translation>Keine Schicht gewählt</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>outputs × inputs</source>
        <translation>Ausgänge × Eingänge</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Std. deviation</source>
        <translation>Standardabw.</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>Kurtosis</source>
        <translation>Wölbung</translation>
    </message>
    <message>
        <source>excess: N M4 / M2² − 3</source>
        <translation>Exzess: N M4 / M2² − 3</translation>
    </message>
    <message>
        <source>NaN, infinite</source>
        <translation>NaN, unendlich</translation>
    </message>
    <message>
        <source>counted, and left out of everything else</source>
        <translation>gezählt und aus allem anderen herausgelassen</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation>noch nicht gelesen</translation>
    </message>
    <message>
        <source>Input kurtosis</source>
        <translation>Wölbung der Eingabe</translation>
    </message>
    <message>
        <source>Input |max|</source>
        <translation>Eingabe |max|</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Module kurtosis</source>
        <translation>Wölbung des Moduls</translation>
    </message>
    <message>
        <source>mean over the module&apos;s matrices</source>
        <translation>Mittel über die Matrizen des Moduls</translation>
    </message>
    <message>
        <source>Robust z</source>
        <translation>Rob. z</translation>
    </message>
    <message>
        <source>0.6745 (K − median) / MAD</source>
        <translation>0,6745 (K − Median) / MAD</translation>
    </message>
    <message>
        <source>Transform</source>
        <translation>Transformation</translation>
    </message>
    <message>
        <source>Note on this layer</source>
        <translation>Notiz zu dieser Schicht</translation>
    </message>
    <message>
        <source>Kept in the project, shown in the tables, written into reports</source>
        <translation>Im Projekt aufbewahrt, in den Tabellen gezeigt, in Berichte geschrieben</translation>
    </message>
</context>
<context>
    <name>ui::LayerErrorsPanel</name>
    <message>
        <source>Which error</source>
        <translation>Welcher Fehler</translation>
    </message>
    <message>
        <source>Output error</source>
        <translation>Ausgabefehler</translation>
    </message>
    <message>
        <source>Of what the layer gives for the text, relative to its size</source>
        <translation>Dessen, was die Schicht für den Text gibt, relativ zu seiner Größe</translation>
    </message>
    <message>
        <source>Weight error</source>
        <translation>Gewichtsfehler</translation>
    </message>
    <message>
        <source>Of the rounded matrix, relative to its size</source>
        <translation>Der gerundeten Matrix, relativ zu ihrer Größe</translation>
    </message>
    <message>
        <source>Run beside it</source>
        <translation>Lauf daneben</translation>
    </message>
    <message>
        <source>Another calibration of this project; its errors stand beside these</source>
        <translation>Eine andere Kalibrierung dieses Projekts; ihre Fehler stehen neben diesen</translation>
    </message>
    <message>
        <source>Measure layers</source>
        <translation>Schichten messen</translation>
    </message>
    <message>
        <source>Reads the quantized model beside the original, layer by layer (seconds to minutes)</source>
        <translation>Liest das quantisierte Modell neben dem Original, Schicht für Schicht (Sekunden bis Minuten)</translation>
    </message>
    <message>
        <source>Error of each layer</source>
        <translation>Fehler jeder Schicht</translation>
    </message>
    <message>
        <source>Measure the layers to see where quantization costs most</source>
        <translation>Die Schichten messen, um zu sehen, wo die Quantisierung am meisten kostet</translation>
    </message>
    <message>
        <source>Errors of %1 layer by layer</source>
        <translation>Fehler von %1 Schicht für Schicht</translation>
    </message>
    <message>
        <source>alone</source>
        <translation>allein</translation>
    </message>
    <message>
        <source>beside %1</source>
        <translation>neben %1</translation>
    </message>
    <message>
        <source>measuring…</source>
        <translation>wird gemessen…</translation>
    </message>
    <message>
        <source>measured on %1 tokens of %2</source>
        <translation>gemessen an %1 Token von %2</translation>
    </message>
</context>
<context>
    <name>ui::LayerFilterModel</name>
    <message>
        <source>&apos;%1&apos; needs a number after %2</source>
        <translation>„%1“ braucht eine Zahl nach %2</translation>
    </message>
    <message>
        <source>&apos;!&apos; turns a term round: write it before one</source>
        <translation>„!“ kehrt einen Begriff um: Schreiben Sie es davor</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is none of %2</source>
        <translation>„%1“ ist keines von %2</translation>
    </message>
    <message>
        <source>&apos;%1:&apos; is none of %2</source>
        <translation>„%1:“ ist keines von %2</translation>
    </message>
</context>
<context>
    <name>ui::LayerTableModel</name>
    <message>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>Input: %1</source>
        <translation>Eingabe: %1</translation>
    </message>
    <message>
        <source>#</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Decoder block, from 0</source>
        <translation>Decoderblock, ab 0</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Matrix: block and role</source>
        <translation>Matrix: Block und Rolle</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Outputs × inputs</source>
        <translation>Ausgänge × Eingänge</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Element type in the file</source>
        <translation>Elementtyp in der Datei</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>Verteilung</translation>
    </message>
    <message>
        <source>Histogram of the weights, logarithmic height</source>
        <translation>Histogramm der Gewichte, logarithmische Höhe</translation>
    </message>
    <message>
        <source>Kurtosis W</source>
        <translation>Wölbung W</translation>
    </message>
    <message>
        <source>Excess kurtosis of the weights: N M4 / M2² − 3; 0 for a normal distribution</source>
        <translation>Exzess-Wölbung der Gewichte: N M4 / M2² − 3; 0 bei Normalverteilung</translation>
    </message>
    <message>
        <source>Robust z</source>
        <translation>Rob. z</translation>
    </message>
    <message>
        <source>0.6745 (K − median) / MAD of the module&apos;s kurtosis among modules of its kind</source>
        <translation>0,6745 (K − Median) / MAD der Wölbung des Moduls unter den Modulen seiner Art</translation>
    </message>
    <message>
        <source>Max/σ W</source>
        <translation>Max/σ W</translation>
    </message>
    <message>
        <source>Largest |weight| in standard deviations</source>
        <translation>Größtes |Gewicht| in Standardabweichungen</translation>
    </message>
    <message>
        <source>Kurtosis X</source>
        <translation>Wölbung X</translation>
    </message>
    <message>
        <source>Excess kurtosis of the layer&apos;s input; needs measured activations</source>
        <translation>Exzess-Wölbung der Eingabe der Schicht; braucht gemessene Aktivierungen</translation>
    </message>
    <message>
        <source>Max/σ X</source>
        <translation>Max/σ X</translation>
    </message>
    <message>
        <source>Largest |input| in standard deviations; needs measured activations</source>
        <translation>Größte |Eingabe| in Standardabweichungen; braucht gemessene Aktivierungen</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>Autom.</translation>
    </message>
    <message>
        <source>What the rule chooses for the module</source>
        <translation>Was die Regel für das Modul wählt</translation>
    </message>
    <message>
        <source>Yours</source>
        <translation>Eigene</translation>
    </message>
    <message>
        <source>Your choice: keys A affine, R rotation, H Hadamard, N none, Space automatic</source>
        <translation>Ihre Wahl: Tasten A affin, R Rotation, H Hadamard, N keine, Leertaste automatisch</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Why, with the numbers</source>
        <translation>Warum, mit den Zahlen</translation>
    </message>
    <message>
        <source>Outl. W</source>
        <translation>Ausr. W</translation>
    </message>
    <message>
        <source>Input channels whose largest |weight| is over 4 times the median channel&apos;s</source>
        <translation>Eingangskanäle, deren größtes |Gewicht| mehr als das Vierfache des mittleren Kanals ist</translation>
    </message>
    <message>
        <source>Outl. X</source>
        <translation>Ausr. X</translation>
    </message>
    <message>
        <source>Channels of the input whose largest magnitude is over 4 times the median channel&apos;s</source>
        <translation>Kanäle des Eingangs, deren größter Betrag mehr als das Vierfache des mittleren Kanals ist</translation>
    </message>
    <message>
        <source>●</source>
        <translation>●</translation>
    </message>
    <message>
        <source>Whether the layer was measured, and what is wrong with it</source>
        <translation>Ob die Schicht gemessen wurde und was mit ihr nicht stimmt</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Half of the block: what shares a transform</source>
        <translation>Hälfte des Blocks: was eine Transformation teilt</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>Bits</translation>
    </message>
    <message>
        <source>Bits of a weight after quantization by the plan</source>
        <translation>Bits eines Gewichts nach der Quantisierung des Plans</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Bytes of the matrix in the file</source>
        <translation>Bytes der Matrix in der Datei</translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation>SQNR</translation>
    </message>
    <message>
        <source>dB: 10 log10(|W&apos;|² / |W&apos; − Q|²) of the quantized weight; needs a measured bundle</source>
        <translation>dB: 10 log10(|W&apos;|² / |W&apos; − Q|²) des quantisierten Gewichts; braucht ein gemessenes Bundle</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>|XWᵀ − Q(X)Qᵀ|² / |XWᵀ|² over the text; needs a measured bundle</source>
        <translation>|XWᵀ − Q(X)Qᵀ|² / |XWᵀ|² über den Text; braucht ein gemessenes Bundle</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Yours, kept in the project: double click or F2 to write</source>
        <translation>Ihre, im Projekt gehalten: Doppelklick oder F2 zum Schreiben</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Überblick</translation>
    </message>
    <message>
        <source>Statistics, choices and their reasons</source>
        <translation>Statistik, Entscheidungen und ihre Gründe</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Statistik</translation>
    </message>
    <message>
        <source>All that was measured</source>
        <translation>Alles, was gemessen wurde</translation>
    </message>
    <message>
        <source>Choices</source>
        <translation>Entscheidungen</translation>
    </message>
    <message>
        <source>What is chosen for each module, and notes</source>
        <translation>Was für jedes Modul gewählt ist, und Notizen</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>Quantisierung</translation>
    </message>
    <message>
        <source>What quantization costs each layer</source>
        <translation>Was die Quantisierung jede Schicht kostet</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>All columns</source>
        <translation>Alle Spalten</translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation>noch nicht gemessen</translation>
    </message>
    <message numerus="yes">
        <source>%n value(s) are NaN or infinite</source>
        <translation>
            <numerusform>%n Wert ist NaN oder unendlich</numerusform>
            <numerusform>%n Werte sind NaN oder unendlich</numerusform>
        </translation>
    </message>
    <message>
        <source>calibrated with another transform than the one chosen now</source>
        <translation>mit einer anderen Transformation kalibriert als der jetzt gewählten</translation>
    </message>
    <message>
        <source>measured, the quantized one too</source>
        <translation>gemessen, die quantisierte auch</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>gemessen</translation>
    </message>
</context>
<context>
    <name>ui::LogPanel</name>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>Warnungen und Fehler</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Least level shown</source>
        <translation>Kleinste gezeigte Stufe</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>What was done, one line an event</source>
        <translation>Was geschehen ist, eine Zeile je Ereignis</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>Diagnose kopieren</translation>
    </message>
    <message>
        <source>Versions, system and the last lines of the log; nothing of your files</source>
        <translation>Versionen, System und die letzten Zeilen des Protokolls; nichts aus Ihren Dateien</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1: failed: %2 %3</source>
        <translation>%1: fehlgeschlagen: %2 %3</translation>
    </message>
    <message>
        <source>%1: %2, %3</source>
        <translation>%1: %2, %3</translation>
    </message>
</context>
<context>
    <name>ui::LossPlot</name>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>error of the block output (MSE)</source>
        <translation>Fehler der Blockausgabe (MSE)</translation>
    </message>
    <message>
        <source>block %1, step %2 of %3, loss %4</source>
        <translation>Block %1, Schritt %2 von %3, Verlust %4</translation>
    </message>
    <message>
        <source>block %1, step %2: %3</source>
        <translation>Block %1, Schritt %2: %3</translation>
    </message>
    <message numerus="yes">
        <source>%n block(s), newest loss %1 in block %2</source>
        <translation>
            <numerusform>%n Block, neuester Verlust %1 in Block %2</numerusform>
            <numerusform>%n Blöcke, neuester Verlust %1 in Block %2</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
</context>
<context>
    <name>ui::MapPlot</name>
    <message>
        <source>&amp;Logarithmic colours (Y)</source>
        <translation>&amp;Logarithmische Farben (Y)</translation>
    </message>
    <message>
        <source>channel</source>
        <translation>Kanal</translation>
    </message>
    <message>
        <source>token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>input channel</source>
        <translation>Eingangskanal</translation>
    </message>
    <message>
        <source>output channel</source>
        <translation>Ausgangskanal</translation>
    </message>
    <message numerus="yes">
        <source>%n NaN or infinite</source>
        <translation>
            <numerusform>%n NaN oder unendlich</numerusform>
            <numerusform>%n NaN oder unendlich</numerusform>
        </translation>
    </message>
    <message>
        <source>|%1| up to %2</source>
        <translation>|%1| bis %2</translation>
    </message>
    <message>
        <source>output %1</source>
        <translation>Ausgang %1</translation>
    </message>
    <message>
        <source>token %1 “%2”</source>
        <translation>Token %1 „%2“</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>NaN or infinite</source>
        <translation>NaN oder unendlich</translation>
    </message>
    <message>
        <source>%1, channel %2: |%3| %4</source>
        <translation>%1, Kanal %2: |%3| %4</translation>
    </message>
    <message>
        <source>, rank %1 of %2 values</source>
        <translation>, Rang %1 von %2 Werten</translation>
    </message>
    <message>
        <source>%1 by %2 values</source>
        <translation>%1 mal %2 Werte</translation>
    </message>
    <message>
        <source>, the largest is %1 at %2, channel %3</source>
        <translation>, der größte ist %1 bei %2, Kanal %3</translation>
    </message>
    <message numerus="yes">
        <source>, %n NaN or infinite</source>
        <translation>
            <numerusform>, %n NaN oder unendlich</numerusform>
            <numerusform>, %n NaN oder unendlich</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::MemoryPlot</name>
    <message>
        <source>seconds of training</source>
        <translation>Sekunden des Trainings</translation>
    </message>
    <message>
        <source>memory (MiB)</source>
        <translation>Speicher (MiB)</translation>
    </message>
    <message>
        <source>block %1, step %2, after %3 s: %4</source>
        <translation>Block %1, Schritt %2, nach %3 s: %4</translation>
    </message>
    <message numerus="yes">
        <source>%n block(s), the most in </source>
        <translation>
            <numerusform>%n Block, am meisten in </numerusform>
            <numerusform>%n Blöcke, am meisten in </numerusform>
        </translation>
    </message>
    <message>
        <source>a block begins</source>
        <translation>ein Block beginnt</translation>
    </message>
</context>
<context>
    <name>ui::ModelTree</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Kurtosis, z</source>
        <translation>Wölbung, z</translation>
    </message>
    <message>
        <source>Layers: excess kurtosis of the weights, N M4 / M2² − 3. Modules: robust z of it, 0.6745 (K − median) / MAD</source>
        <translation>Schichten: Exzess-Wölbung der Gewichte, N M4 / M2² − 3. Module: ihr robustes z, 0,6745 (K − Median) / MAD</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>A bundle that was quantized from this model</source>
        <translation>Ein Bündel, das aus diesem Modell quantisiert wurde</translation>
    </message>
    <message>
        <source>Block %1</source>
        <translation>Block %1</translation>
    </message>
    <message>
        <source>attention</source>
        <translation>Attention</translation>
    </message>
    <message>
        <source>mlp</source>
        <translation>MLP</translation>
    </message>
    <message>
        <source>No model is open</source>
        <translation>Kein Modell ist offen</translation>
    </message>
    <message>
        <source>Drop the quantized model here</source>
        <translation>Das quantisierte Modell hierher ziehen</translation>
    </message>
    <message>
        <source>%1 (older than the plan)</source>
        <translation>%1 (älter als der Plan)</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>The same of the quantized model, where A|B shows it in Inspect</source>
        <translation>Dasselbe vom quantisierten Modell, wo A|B es beim Ansehen zeigt</translation>
    </message>
</context>
<context>
    <name>ui::ModuleTableModel</name>
    <message>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Kurtosis</source>
        <translation>Wölbung</translation>
    </message>
    <message>
        <source>Robust z</source>
        <translation>Rob. z</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>Autom.</translation>
    </message>
    <message>
        <source>Yours</source>
        <translation>Eigene</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>W%1 A%2</source>
        <translation>W%1 A%2</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>Bits</translation>
    </message>
    <message>
        <source>full</source>
        <translation>voll</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
</context>
<context>
    <name>ui::PeakTableModel</name>
    <message>
        <source>Place among the largest magnitudes</source>
        <translation>Platz unter den größten Beträgen</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>Rang</translation>
    </message>
    <message>
        <source>Place of the token in the text, from 0</source>
        <translation>Platz des Tokens im Text, ab 0</translation>
    </message>
    <message>
        <source>#</source>
        <translation>#</translation>
    </message>
    <message>
        <source>Output channel, a row of the matrix</source>
        <translation>Ausgangskanal, eine Zeile der Matrix</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>The token as the vocabulary spells it</source>
        <translation>Das Token, wie das Vokabular es schreibt</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Input channel, from 0</source>
        <translation>Eingangskanal, ab 0</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>Kanal</translation>
    </message>
    <message>
        <source>The value with its sign</source>
        <translation>Der Wert mit Vorzeichen</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
</context>
<context>
    <name>ui::PerplexityPlot</name>
    <message>
        <source>perplexity (lower is better), 95 % interval</source>
        <translation>Perplexität (kleiner ist besser), 95-%-Bereich</translation>
    </message>
    <message>
        <source>%1: %2 ± %3</source>
        <translation>%1: %2 ± %3</translation>
    </message>
</context>
<context>
    <name>ui::Pipeline</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Statistik</translation>
    </message>
    <message>
        <source>Choices</source>
        <translation>Entscheidungen</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>Kalibrierung</translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>choices or bits changed after it</source>
        <translation>Entscheidungen oder Bits änderten sich danach</translation>
    </message>
    <message>
        <source>it was made with another text, %1</source>
        <translation>sie entstand mit einem anderen Text, %1</translation>
    </message>
    <message>
        <source>the model was calibrated anew after it</source>
        <translation>das Modell wurde danach neu kalibriert</translation>
    </message>
    <message>
        <source>activations were measured on another text, %1</source>
        <translation>Aktivierungen wurden mit einem anderen Text gemessen, %1</translation>
    </message>
    <message>
        <source>%1 is stale: %2</source>
        <translation>%1 ist veraltet: %2</translation>
    </message>
    <message>
        <source>The stale steps run already</source>
        <translation>Die veralteten Schritte laufen schon</translation>
    </message>
    <message>
        <source>Nothing is stale</source>
        <translation>Nichts ist veraltet</translation>
    </message>
    <message>
        <source>Start the stale step once in its workspace: this session does not know its settings</source>
        <translation>Den veralteten Schritt einmal in seinem Bereich starten: diese Sitzung kennt seine Einstellungen nicht</translation>
    </message>
    <message>
        <source>it was made on another text, %1</source>
        <translation>sie wurde mit einem anderen Text gemacht, %1</translation>
    </message>
</context>
<context>
    <name>ui::PipelineStrip</name>
    <message>
        <source>stale: %1</source>
        <translation>veraltet: %1</translation>
    </message>
    <message>
        <source>is made now</source>
        <translation>entsteht gerade</translation>
    </message>
    <message>
        <source>not made yet</source>
        <translation>noch nicht gemacht</translation>
    </message>
    <message>
        <source>as new as what it is made from</source>
        <translation>so neu wie das, woraus es entsteht</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message numerus="yes">
        <source>Re-run %n stale step(s)</source>
        <translation>
            <numerusform>%n veralteten Schritt wiederholen</numerusform>
            <numerusform>%n veraltete Schritte wiederholen</numerusform>
        </translation>
    </message>
    <message>
        <source>Re-run stale steps</source>
        <translation>Veraltete Schritte wiederholen</translation>
    </message>
    <message>
        <source>Makes anew what is older than what it was made from; blocks that nothing changed for are kept. Key: F5</source>
        <translation>Macht neu, was älter ist als das, woraus es entstand; Blöcke, für die sich nichts änderte, bleiben. Taste: F5</translation>
    </message>
    <message>
        <source>could not be made</source>
        <translation>konnte nicht gemacht werden</translation>
    </message>
</context>
<context>
    <name>ui::PlanDiffModel</name>
    <message>
        <source>Ours: %1
Theirs: %2</source>
        <translation>Unserer: %1
Anderer: %2</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Ours</source>
        <translation>Unserer</translation>
    </message>
    <message>
        <source>Theirs</source>
        <translation>Anderer</translation>
    </message>
    <message>
        <source>Our bits</source>
        <translation>Unsere Bits</translation>
    </message>
    <message>
        <source>Their bits</source>
        <translation>Andere Bits</translation>
    </message>
    <message>
        <source>Their reason</source>
        <translation>Dessen Grund</translation>
    </message>
</context>
<context>
    <name>ui::PlanDiffPanel</name>
    <message>
        <source>Compare with</source>
        <translation>Vergleichen mit</translation>
    </message>
    <message>
        <source>Sets another plan beside ours; ours stays as it is until you take something over</source>
        <translation>Stellt einen anderen Plan neben unseren; unserer bleibt, bis etwas übernommen wird</translation>
    </message>
    <message>
        <source>A plan file…</source>
        <translation>Eine Plandatei …</translation>
    </message>
    <message>
        <source>What the quantized model was calibrated with</source>
        <translation>Womit das quantisierte Modell kalibriert wurde</translation>
    </message>
    <message>
        <source>The automatic choices alone</source>
        <translation>Die automatischen Entscheidungen allein</translation>
    </message>
    <message>
        <source>Take selected</source>
        <translation>Gewählte übernehmen</translation>
    </message>
    <message>
        <source>Their choices and bits for the selected modules; can be undone</source>
        <translation>Dessen Entscheidungen und Bits für die gewählten Module; lässt sich rückgängig machen</translation>
    </message>
    <message>
        <source>Take all</source>
        <translation>Alle übernehmen</translation>
    </message>
    <message>
        <source>The other plan as a whole; can be undone</source>
        <translation>Der andere Plan als Ganzes; lässt sich rückgängig machen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Puts the other plan away</source>
        <translation>Legt den anderen Plan weg</translation>
    </message>
    <message>
        <source>Where the plans differ</source>
        <translation>Worin die Pläne sich unterscheiden</translation>
    </message>
    <message>
        <source>the automatic choices</source>
        <translation>die automatischen Entscheidungen</translation>
    </message>
    <message numerus="yes">
        <source>%n module(s) as in %1</source>
        <translation>
            <numerusform>%n Modul wie in %1</numerusform>
            <numerusform>%n Module wie in %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Plan as in %1</source>
        <translation>Plan wie in %1</translation>
    </message>
    <message>
        <source>Open a model first</source>
        <translation>Erst ein Modell öffnen</translation>
    </message>
    <message>
        <source>Choose a second plan, or drop a plan file here, to see where it differs from ours</source>
        <translation>Einen zweiten Plan wählen oder eine Plandatei hier ablegen, um zu sehen, worin er sich von unserem unterscheidet</translation>
    </message>
    <message>
        <source>%1 decides everything as ours</source>
        <translation>%1 entscheidet alles wie unserer</translation>
    </message>
    <message numerus="yes">
        <source>%1 differs in %n of %2 module(s)</source>
        <translation>
            <numerusform>%1 unterscheidet sich in %n von %2 Modulen</numerusform>
            <numerusform>%1 unterscheidet sich in %n von %2 Modulen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::PlanEditor</name>
    <message>
        <source>you: %1 (automatic: %2)</source>
        <translation>Sie: %1 (automatisch: %2)</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message numerus="yes">
        <source>%1 for %n module(s)</source>
        <translation>
            <numerusform>%1 für %n Modul</numerusform>
            <numerusform>%1 für %n Module</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: automatic</source>
        <translation>%1: automatisch</translation>
    </message>
    <message numerus="yes">
        <source>automatic for %n module(s)</source>
        <translation>
            <numerusform>automatisch für %n Modul</numerusform>
            <numerusform>automatisch für %n Module</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> (%n module(s))</source>
        <translation>
            <numerusform> (%n Modul)</numerusform>
            <numerusform> (%n Module)</numerusform>
        </translation>
    </message>
    <message>
        <source>Bits W%1 A%2 K%3 V%4</source>
        <translation>Bits W%1 A%2 K%3 V%4</translation>
    </message>
    <message numerus="yes">
        <source>Lock %n module(s)</source>
        <translation>
            <numerusform>%n Modul sperren</numerusform>
            <numerusform>%n Module sperren</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>W%1 A%2 for %n module(s)</source>
        <translation>
            <numerusform>W%1 A%2 für %n Modul</numerusform>
            <numerusform>W%1 A%2 für %n Module</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The plan&apos;s bits for %n module(s)</source>
        <translation>
            <numerusform>Bits des Plans für %n Modul</numerusform>
            <numerusform>Bits des Plans für %n Module</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Another start for %n module(s)</source>
        <translation>
            <numerusform>Anderer Start für %n Modul</numerusform>
            <numerusform>Anderer Start für %n Module</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::PlotBoard</name>
    <message>
        <source>Share of values per unit of the value. Y: logarithmic or linear, G: normal curve of the same mean and deviation, Home: whole range</source>
        <translation>Anteil der Werte je Einheit des Werts. Y: logarithmisch oder linear, G: Normalkurve gleichen Mittels und gleicher Abweichung, Pos1: ganzer Bereich</translation>
    </message>
    <message>
        <source>max |value| of each input channel over all rows or tokens. Click or Ctrl and drag: select channels, Home: whole range</source>
        <translation>max |Wert| jedes Eingangskanals über alle Zeilen oder Tokens. Klick oder Strg und Ziehen: Kanäle wählen, Pos1: ganzer Bereich</translation>
    </message>
    <message>
        <source>Quantiles against those of a normal distribution: off the line at the ends, the tails are heavy. T: middle only</source>
        <translation>Quantile gegen die einer Normalverteilung: Abseits der Linie an den Enden sind die Ränder schwer. T: nur die Mitte</translation>
    </message>
    <message>
        <source>Largest magnitude of each cell; closer, the cells become finer. Click: select token and channel, Ctrl and drag: channels, Y: logarithmic colours, Home: the whole</source>
        <translation>Größter Betrag jeder Zelle; näher werden die Zellen feiner. Klick: Token und Kanal wählen, Strg und Ziehen: Kanäle, Y: logarithmische Farben, Pos1: das Ganze</translation>
    </message>
    <message>
        <source>The distributions of many layers, each in its own standard deviations. Click: select the layer</source>
        <translation>Die Verteilungen vieler Schichten, jede in ihren eigenen Standardabweichungen. Klick: Schicht wählen</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <source>Quantiles</source>
        <translation>Quantile</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>Alle Schichten</translation>
    </message>
    <message>
        <source>&amp;Alone, or with the others</source>
        <translation>&amp;Allein oder mit den anderen</translation>
    </message>
    <message>
        <source>Largest values</source>
        <translation>Größte Werte</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>Histogramm</translation>
    </message>
    <message>
        <source>How the values are spread</source>
        <translation>Wie die Werte streuen</translation>
    </message>
    <message>
        <source>How large each input channel gets</source>
        <translation>Wie groß jeder Eingangskanal wird</translation>
    </message>
    <message>
        <source>Q-Q</source>
        <translation>Q-Q</translation>
    </message>
    <message>
        <source>Quantiles against a normal distribution</source>
        <translation>Quantile gegen eine Normalverteilung</translation>
    </message>
    <message>
        <source>Magnitude by token and channel, or output and input</source>
        <translation>Betrag nach Token und Kanal oder Ausgang und Eingang</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>The distributions of many layers</source>
        <translation>Die Verteilungen vieler Schichten</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>%1 zeigen</translation>
    </message>
</context>
<context>
    <name>ui::PlotTable</name>
    <message>
        <source>Click a plot, or reach it with Tab: its values are listed here.</source>
        <translation>Ein Diagramm anklicken oder mit Tab erreichen: Hier stehen seine Werte.</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>Tabelle kopieren</translation>
    </message>
    <message>
        <source>Values of the plot</source>
        <translation>Werte des Diagramms</translation>
    </message>
    <message>
        <source>All rows with tabs between, for a spreadsheet</source>
        <translation>Alle Zeilen mit Tabulatoren dazwischen, für eine Tabellenkalkulation</translation>
    </message>
    <message numerus="yes">
        <source>The first %n value(s) in view are listed; Copy and the CSV export have all.</source>
        <translation>
            <numerusform>Der erste (%n) sichtbare Wert ist aufgeführt; Kopieren und der CSV-Export haben alle.</numerusform>
            <numerusform>Die ersten %n sichtbaren Werte sind aufgeführt; Kopieren und der CSV-Export haben alle.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::PlotView</name>
    <message>
        <source>%1 could not be written: %2</source>
        <translation>%1 konnte nicht geschrieben werden: %2</translation>
    </message>
    <message>
        <source>%1 could not be written</source>
        <translation>%1 konnte nicht geschrieben werden</translation>
    </message>
    <message>
        <source>%1: a plot is saved as .png, .svg, .pdf or .csv</source>
        <translation>%1: ein Diagramm wird als .png, .svg, .pdf oder .csv gespeichert</translation>
    </message>
    <message>
        <source>Pin, copy, export</source>
        <translation>Anheften, kopieren, exportieren</translation>
    </message>
    <message>
        <source>Menu of the plot</source>
        <translation>Menü des Bilds</translation>
    </message>
    <message>
        <source>&amp;Pin: keep what it shows</source>
        <translation>&amp;Anheften: behalten, was es zeigt</translation>
    </message>
    <message>
        <source>Whole &amp;range</source>
        <translation>Ganzer &amp;Bereich</translation>
    </message>
    <message>
        <source>&amp;Copy picture and values</source>
        <translation>Bild und Werte &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren …</translation>
    </message>
    <message>
        <source> — pinned</source>
        <translation> — angeheftet</translation>
    </message>
    <message>
        <source>Save as &amp;SVG</source>
        <translation>Als &amp;SVG sichern</translation>
    </message>
</context>
<context>
    <name>ui::PreflightPanel</name>
    <message>
        <source>◷ Will it fit?</source>
        <translation>◷ Passt es?</translation>
    </message>
    <message>
        <source>Trains three steps of one block and says what the whole will need (seconds)</source>
        <translation>Trainiert drei Schritte eines Blocks und sagt, was das Ganze brauchen wird (Sekunden)</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Platte</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>%1 needed, of what there is</source>
        <translation>%1, der gebraucht wird, von dem, was da ist</translation>
    </message>
    <message>
        <source>Estimate the calibration of %1</source>
        <translation>Kalibrierung von %1 abschätzen</translation>
    </message>
    <message>
        <source>&lt;b&gt;%1&lt;/b&gt; %2 of %3</source>
        <translation>&lt;b&gt;%1&lt;/b&gt; %2 von %3</translation>
    </message>
    <message>
        <source>&lt;b&gt;%1&lt;/b&gt; %2</source>
        <translation>&lt;b&gt;%1&lt;/b&gt; %2</translation>
    </message>
    <message>
        <source>Estimated for other settings: ask again</source>
        <translation>Für andere Einstellungen geschätzt: noch einmal fragen</translation>
    </message>
    <message>
        <source>✓ It fits</source>
        <translation>✓ Es passt</translation>
    </message>
    <message>
        <source>Three steps of one block are trained…</source>
        <translation>Drei Schritte eines Blocks werden trainiert …</translation>
    </message>
    <message>
        <source>&lt;b&gt;Time&lt;/b&gt; %1</source>
        <translation>&lt;b&gt;Zeit&lt;/b&gt; %1</translation>
    </message>
    <message>
        <source>took %1</source>
        <translation>gebraucht: %1</translation>
    </message>
</context>
<context>
    <name>ui::Project</name>
    <message>
        <source>%1 is not there any more</source>
        <translation>%1 ist nicht mehr da</translation>
    </message>
    <message>
        <source>%1 had %2 when the project was saved and has %3 now</source>
        <translation>%1 hatte %2, als das Projekt gespeichert wurde, und hat jetzt %3</translation>
    </message>
    <message>
        <source>%1 has other contents than when the project was saved</source>
        <translation>%1 hat einen anderen Inhalt als zu der Zeit, als das Projekt gespeichert wurde</translation>
    </message>
</context>
<context>
    <name>ui::QuantilePlot</name>
    <message>
        <source>&amp;Middle only (T)</source>
        <translation>Nur die &amp;Mitte (T)</translation>
    </message>
    <message>
        <source>normal quantile, standard deviations</source>
        <translation>Normalquantil, Standardabweichungen</translation>
    </message>
    <message>
        <source>value, standard deviations</source>
        <translation>Wert, Standardabweichungen</translation>
    </message>
    <message>
        <source>%1, standard deviations</source>
        <translation>%1, Standardabweichungen</translation>
    </message>
    <message numerus="yes">
        <source>%n NaN or infinite</source>
        <translation>
            <numerusform>%n NaN oder unendlich</numerusform>
            <numerusform>%n NaN oder unendlich</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 %2 (%3 σ) where a normal distribution has %4 (%5 σ)</source>
        <translation>%1 %2 (%3 σ), wo eine Normalverteilung %4 (%5 σ) hat</translation>
    </message>
    <message>
        <source>%1 against a normal distribution: the smallest lies at %2, the largest at %3 standard deviations, where normal ones would lie at %4 and %5</source>
        <translation>%1 gegen eine Normalverteilung: Der kleinste liegt bei %2, der größte bei %3 Standardabweichungen, wo normale bei %4 und %5 lägen</translation>
    </message>
    <message>
        <source>before</source>
        <translation>vorher</translation>
    </message>
    <message>
        <source>after</source>
        <translation>nachher</translation>
    </message>
    <message>
        <source>normal</source>
        <translation>normal</translation>
    </message>
    <message>
        <source>; after: at %1 and %2</source>
        <translation>; nachher: bei %1 und %2</translation>
    </message>
</context>
<context>
    <name>ui::RidgePlot</name>
    <message>
        <source>%1 of %2 layers, evenly spread</source>
        <translation>%1 von %2 Schichten, gleichmäßig verteilt</translation>
    </message>
    <message>
        <source>%1, standard deviations from the mean</source>
        <translation>%1, Standardabweichungen vom Mittel</translation>
    </message>
    <message>
        <source>before</source>
        <translation>vorher</translation>
    </message>
    <message>
        <source>after</source>
        <translation>nachher</translation>
    </message>
    <message>
        <source>%1: not measured</source>
        <translation>%1: nicht gemessen</translation>
    </message>
    <message>
        <source>%1: excess kurtosis %2, rank %3 of %4, largest value %5 standard deviations</source>
        <translation>%1: Exzess-Kurtosis %2, Rang %3 von %4, größter Wert %5 Standardabweichungen</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n Schicht</numerusform>
            <numerusform>%n Schichten</numerusform>
        </translation>
    </message>
    <message>
        <source>, the heaviest tails in %1: %2</source>
        <translation>, die schwersten Ränder in %1: %2</translation>
    </message>
    <message>
        <source>Percentile bands	P</source>
        <translation>Perzentilbänder	P</translation>
    </message>
    <message>
        <source>50, 80, 98, 99.8 and 100 % of the values</source>
        <translation>50, 80, 98, 99,8 und 100 % der Werte</translation>
    </message>
</context>
<context>
    <name>ui::RunsTableModel</name>
    <message>
        <source>%1 ± %2</source>
        <translation>%1 ± %2</translation>
    </message>
    <message>
        <source>+%1 %</source>
        <translation>+%1 %</translation>
    </message>
    <message>
        <source>%1 % ± %2</source>
        <translation>%1 % ± %2</translation>
    </message>
    <message>
        <source>The model measured</source>
        <translation>Das gemessene Modell</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>exp of the mean negative log-likelihood ± one standard error</source>
        <translation>exp der mittleren negativen Log-Wahrscheinlichkeit ± ein Standardfehler</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>Perplexität</translation>
    </message>
    <message>
        <source>Of the full-precision model on the same windows</source>
        <translation>Des Modells in voller Genauigkeit auf denselben Fenstern</translation>
    </message>
    <message>
        <source>Full precision</source>
        <translation>Volle Genauigkeit</translation>
    </message>
    <message>
        <source>Perplexity over that of full precision, less one</source>
        <translation>Perplexität geteilt durch die in voller Genauigkeit, weniger eins</translation>
    </message>
    <message>
        <source>Increase</source>
        <translation>Zunahme</translation>
    </message>
    <message>
        <source>Kullback-Leibler divergence from full precision: sum of p ln(p / q) over the vocabulary, mean over the tokens ± one standard error, in nats</source>
        <translation>Kullback-Leibler-Divergenz von voller Genauigkeit: Summe von p ln(p / q) über das Vokabular, Mittel über die Token ± ein Standardfehler, in Nat</translation>
    </message>
    <message>
        <source>KL, nats/token</source>
        <translation>KL, Nat/Token</translation>
    </message>
    <message>
        <source>Share of tokens after which both have the same most probable next token ± one standard error</source>
        <translation>Anteil der Token, nach denen beide dasselbe wahrscheinlichste nächste Token haben, ± ein Standardfehler</translation>
    </message>
    <message>
        <source>Same top token</source>
        <translation>Gleiches bestes Token</translation>
    </message>
    <message>
        <source>Predictions scored</source>
        <translation>Gewertete Vorhersagen</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>no significant difference</source>
        <translation>kein signifikanter Unterschied</translation>
    </message>
    <message>
        <source>worse (p %1)</source>
        <translation>schlechter (p %1)</translation>
    </message>
    <message>
        <source>better (p %1)</source>
        <translation>besser (p %1)</translation>
    </message>
    <message>
        <source>Paired t-test of the log-perplexities of all windows against full precision: better or worse below p = 0.05</source>
        <translation>Gepaarter t-Test der Log-Perplexitäten aller Fenster gegen volle Genauigkeit: besser oder schlechter unter p = 0,05</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>What was answered besides: see Tasks and Answers</source>
        <translation>Was außerdem beantwortet wurde: siehe Aufgaben und Antworten</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>When the evaluation began</source>
        <translation>Wann die Bewertung begann</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>tasks alone</source>
        <translation>nur Aufgaben</translation>
    </message>
</context>
<context>
    <name>ui::SearchPanel</name>
    <message>
        <source>◷ Search</source>
        <translation>◷ Suchen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Use these choices</source>
        <translation>Entscheidungen übernehmen</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Öffnen …</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>Als Befehl kopieren</translation>
    </message>
    <message>
        <source>Progress of the search</source>
        <translation>Fortschritt der Suche</translation>
    </message>
    <message>
        <source>Lets the kinds compete in every module, block by block (minutes); goes on from finished blocks</source>
        <translation>Lässt die Arten in jedem Modul gegeneinander antreten, Block für Block (Minuten); setzt nach fertigen Blöcken fort</translation>
    </message>
    <message>
        <source>Stops at the next step; finished blocks are kept</source>
        <translation>Hält beim nächsten Schritt an; fertige Blöcke bleiben</translation>
    </message>
    <message>
        <source>Takes what was found into the plan, but for your own choices; can be undone</source>
        <translation>Übernimmt das Gefundene in den Plan, außer bei eigenen Entscheidungen; lässt sich rückgängig machen</translation>
    </message>
    <message>
        <source>A file that planish select --search-out wrote</source>
        <translation>Eine Datei, die planish select --search-out schrieb</translation>
    </message>
    <message>
        <source>The planish line that does the same</source>
        <translation>Die planish-Zeile, die dasselbe tut</translation>
    </message>
    <message>
        <source>How kinds compete</source>
        <translation>Wie die Arten antreten</translation>
    </message>
    <message>
        <source>expected loss</source>
        <translation>erwarteter Verlust</translation>
    </message>
    <message>
        <source>each module alone</source>
        <translation>jedes Modul allein</translation>
    </message>
    <message>
        <source>drawn pairs</source>
        <translation>gezogene Paare</translation>
    </message>
    <message>
        <source>mixed outputs</source>
        <translation>gemischte Ausgaben</translation>
    </message>
    <message>
        <source>train all in full</source>
        <translation>alle ganz trainieren</translation>
    </message>
    <message>
        <source>Gates of a pair weigh its loss; each module against its own output; one pair a step; outputs mixed by the gates; or no gates, every kind trained in full</source>
        <translation>Die Tore eines Paars gewichten seinen Verlust; jedes Modul gegen seine eigene Ausgabe; ein Paar je Schritt; Ausgaben nach den Toren gemischt; oder keine Tore, jede Art ganz trainiert</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Windows of the text; a quarter of them decides, untrained on</source>
        <translation>Fenster des Textes; ein Viertel davon entscheidet, ohne Training</translation>
    </message>
    <message>
        <source>Window length</source>
        <translation>Fensterlänge</translation>
    </message>
    <message>
        <source>Tokens in each window; at most the model&apos;s context</source>
        <translation>Token in jedem Fenster; höchstens der Kontext des Modells</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>How often each block sees all windows</source>
        <translation>Wie oft jeder Block alle Fenster sieht</translation>
    </message>
    <message>
        <source>×</source>
        <translation>×</translation>
    </message>
    <message>
        <source>tokens, epochs</source>
        <translation>Token, Epochen</translation>
    </message>
    <message>
        <source>Kinds</source>
        <translation>Arten</translation>
    </message>
    <message>
        <source>Kinds that compete</source>
        <translation>Arten, die antreten</translation>
    </message>
    <message>
        <source>What the search found</source>
        <translation>Was die Suche fand</translation>
    </message>
    <message>
        <source>Open a model first</source>
        <translation>Erst ein Modell öffnen</translation>
    </message>
    <message>
        <source>Choose a text in Calibrate: the search trains on it and keeps a part aside to decide</source>
        <translation>In Kalibrieren einen Text wählen: die Suche trainiert damit und hält einen Teil zum Entscheiden zurück</translation>
    </message>
    <message numerus="yes">
        <source>Searched in %1: %n module(s) differ from the plan</source>
        <translation>
            <numerusform>In %1 gesucht: %n Modul weicht vom Plan ab</numerusform>
            <numerusform>In %1 gesucht: %n Module weichen vom Plan ab</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; gates and held-out losses disagree in %n</source>
        <translation>
            <numerusform>; Tore und zurückgehaltene Verluste widersprechen sich in %n</numerusform>
            <numerusform>; Tore und zurückgehaltene Verluste widersprechen sich in %n</numerusform>
        </translation>
    </message>
    <message>
        <source>Waiting for the job before it</source>
        <translation>Wartet auf den Auftrag davor</translation>
    </message>
    <message>
        <source>%1  ·  %2 spent%3</source>
        <translation>%1  ·  %2 vergangen%3</translation>
    </message>
    <message>
        <source>, %1 left</source>
        <translation>, noch %1</translation>
    </message>
    <message>
        <source>Stopped by you: finished blocks are kept, Search goes on from them</source>
        <translation>Von Ihnen angehalten: fertige Blöcke bleiben, Suchen setzt danach fort</translation>
    </message>
    <message>
        <source>Gates: %1</source>
        <translation>Tore: %1</translation>
    </message>
    <message>
        <source>Gates</source>
        <translation>Tore</translation>
    </message>
    <message>
        <source>The gates appear with the first steps</source>
        <translation>Die Tore erscheinen mit den ersten Schritten</translation>
    </message>
    <message>
        <source>This search kept no gates of the module</source>
        <translation>Diese Suche behielt keine Tore des Moduls</translation>
    </message>
    <message>
        <source>Search to see how the kinds compete</source>
        <translation>Suchen, um zu sehen, wie die Arten antreten</translation>
    </message>
    <message>
        <source>Starts</source>
        <translation>Starts</translation>
    </message>
    <message>
        <source>From how many random draws each kind is trained; with two or more the margin that another kind must pass is twice their spread, else 3 %</source>
        <translation>Von wie vielen Zufallsziehungen jede Art trainiert wird; ab zweien ist der Abstand, den eine andere Art schaffen muss, das Doppelte ihrer Streuung, sonst 3 %</translation>
    </message>
    <message>
        <source>starts</source>
        <translation>Starts</translation>
    </message>
    <message>
        <source>Which kinds compete; the first of them is what the others must beat by a margin</source>
        <translation>Welche Arten antreten; die erste ist die, die andere um einen Abstand schlagen müssen</translation>
    </message>
    <message>
        <source>Choose at least two kinds that compete, or two starts</source>
        <translation>Wählen Sie mindestens zwei Arten, die antreten, oder zwei Starts</translation>
    </message>
    <message>
        <source>What decides</source>
        <translation>Was entscheidet</translation>
    </message>
    <message>
        <source>by block error</source>
        <translation>nach Blockfehler</translation>
    </message>
    <message>
        <source>by divergence</source>
        <translation>nach Divergenz</translation>
    </message>
    <message>
        <source>What held-out windows measure of a candidate: the error of the block&apos;s output, or how far the whole model&apos;s predictions move (slower, holds the whole model)</source>
        <translation>Was zurückgehaltene Fenster an einem Kandidaten messen: den Fehler der Blockausgabe oder wie weit sich die Vorhersagen des ganzen Modells verschieben (langsamer, hält das ganze Modell)</translation>
    </message>
</context>
<context>
    <name>ui::SearchTableModel</name>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1: held-out error %2 (%3 % ± %4 against the first)</source>
        <translation>%1: Fehler auf zurückgehaltenem Text %2 (%3 % ± %4 gegen die erste)</translation>
    </message>
    <message>
        <source>⚠ Held-out losses and gates name different kinds</source>
        <translation>⚠ Zurückgehaltene Verluste und Tore nennen verschiedene Arten</translation>
    </message>
    <message>
        <source>Held-out error of the best other kind against the best of the first kind, in percent; below zero the other kind is better</source>
        <translation>Fehler der besten anderen Art gegen die beste der ersten Art auf zurückgehaltenem Text, in Prozent; unter null ist die andere Art besser</translation>
    </message>
    <message>
        <source>The kind with the largest gate, and its probability</source>
        <translation>Die Art mit dem größten Tor und ihre Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Gefunden</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>Tor</translation>
    </message>
    <message>
        <source>Δ %</source>
        <translation>Δ %</translation>
    </message>
    <message>
        <source>±</source>
        <translation>±</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Standard error of that difference, over windows in pairs, in percent</source>
        <translation>Standardfehler dieses Unterschieds, über gepaarte Fenster, in Prozent</translation>
    </message>
    <message>
        <source>How much better another kind had to be, in percent</source>
        <translation>Um wie viel eine andere Art besser sein musste, in Prozent</translation>
    </message>
    <message>
        <source>Standard deviation of one start of the first kind, in percent of its error: what luck alone does. Needs two starts</source>
        <translation>Standardabweichung eines Starts der ersten Art, in Prozent ihres Fehlers: was allein der Zufall tut. Braucht zwei Starts</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>Starts</source>
        <translation>Starts</translation>
    </message>
</context>
<context>
    <name>ui::Searches</name>
    <message>
        <source>Search kinds for %1</source>
        <translation>Arten für %1 suchen</translation>
    </message>
    <message>
        <source>Choices of the search</source>
        <translation>Entscheidungen der Suche</translation>
    </message>
</context>
<context>
    <name>ui::SettingsDialog</name>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Files and measuring</source>
        <translation>Dateien und Messen</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>Seiten der Einstellungen</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>Takes effect when the studio is started next.</source>
        <translation>Gilt ab dem nächsten Start des Studios.</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>How often unsaved work is written aside, to be recovered after a crash</source>
        <translation>Wie oft ungespeicherte Arbeit gesichert wird, um nach einem Absturz wiederhergestellt zu werden</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> Token</translation>
    </message>
    <message>
        <source>How much text runs through the model when its activations are measured</source>
        <translation>Wie viel Text durch das Modell läuft, wenn seine Aktivierungen gemessen werden</translation>
    </message>
    <message>
        <source>&amp;Save aside every</source>
        <translation>&amp;Sichern alle</translation>
    </message>
    <message>
        <source>&amp;Measure activations over</source>
        <translation>&amp;Aktivierungen messen über</translation>
    </message>
    <message>
        <source>&amp;Reset all</source>
        <translation>&amp;Alles zurücksetzen</translation>
    </message>
    <message>
        <source>Everything as it came, keys and layouts too; what was opened lately stays</source>
        <translation>Alles, wie es anfangs war, auch Tasten und Anordnungen; was zuletzt offen war, bleibt</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren …</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>&amp;Importieren …</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Export the settings</source>
        <translation>Einstellungen exportieren</translation>
    </message>
    <message>
        <source>Settings (*.ini)</source>
        <translation>Einstellungen (*.ini)</translation>
    </message>
    <message>
        <source>Import settings</source>
        <translation>Einstellungen importieren</translation>
    </message>
</context>
<context>
    <name>ui::ShortcutsPage</name>
    <message>
        <source>&amp;Set</source>
        <translation>&amp;Setzen</translation>
    </message>
    <message>
        <source>&amp;Default</source>
        <translation>&amp;Vorgabe</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Commands and their keys</source>
        <translation>Befehle und ihre Tasten</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>Neue Tasten</translation>
    </message>
    <message>
        <source>New &amp;keys</source>
        <translation>Neue &amp;Tasten</translation>
    </message>
</context>
<context>
    <name>ui::StatusLine</name>
    <message>
        <source>⚠ The quantized model is older than the plan</source>
        <translation>⚠ Das quantisierte Modell ist älter als der Plan</translation>
    </message>
    <message>
        <source>Calibrate again for the changed choices to count. A click leads there.</source>
        <translation>Erneut kalibrieren, damit die geänderten Entscheidungen zählen. Ein Klick führt dorthin.</translation>
    </message>
    <message>
        <source>Progress of the current job</source>
        <translation>Fortschritt des laufenden Auftrags</translation>
    </message>
    <message>
        <source>Stop the current job</source>
        <translation>Laufenden Auftrag anhalten</translation>
    </message>
    <message>
        <source>What computes, and the memory that this program holds of the machine&apos;s</source>
        <translation>Was rechnet, und wie viel vom Speicher der Maschine dieses Programm hält</translation>
    </message>
    <message>
        <source>nothing selected</source>
        <translation>nichts gewählt</translation>
    </message>
    <message>
        <source>%1, z %2</source>
        <translation>%1, z %2</translation>
    </message>
    <message>
        <source>%1: stopping…</source>
        <translation>%1: hält an …</translation>
    </message>
    <message>
        <source>%1: %2 spent, %3 left</source>
        <translation>%1: %2 vergangen, noch %3</translation>
    </message>
    <message numerus="yes">
        <source>, %n more waiting</source>
        <translation>
            <numerusform>, %n weiterer wartet</numerusform>
            <numerusform>, %n weitere warten</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1   %2</source>
        <translation>%1   %2</translation>
    </message>
</context>
<context>
    <name>ui::Studio</name>
    <message>
        <source>Load the engine</source>
        <translation>Rechenwerk laden</translation>
    </message>
    <message>
        <source>Unpack the demo model</source>
        <translation>Demomodell entpacken</translation>
    </message>
    <message>
        <source>Read %1</source>
        <translation>%1 lesen</translation>
    </message>
    <message>
        <source>Measure activations</source>
        <translation>Aktivierungen messen</translation>
    </message>
    <message>
        <source>Compare %1</source>
        <translation>%1 vergleichen</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>Calibrate %1</source>
        <translation>%1 kalibrieren</translation>
    </message>
    <message>
        <source>Evaluate %1</source>
        <translation>%1 bewerten</translation>
    </message>
    <message>
        <source>Generate text</source>
        <translation>Text erzeugen</translation>
    </message>
    <message>
        <source>Plan from %1</source>
        <translation>Plan aus %1</translation>
    </message>
    <message>
        <source>Find the blocks that err</source>
        <translation>Blöcke finden, die irren</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>%1 exportieren</translation>
    </message>
    <message>
        <source>Write %1</source>
        <translation>%1 schreiben</translation>
    </message>
    <message>
        <source>Compute on %1</source>
        <translation>Auf %1 rechnen</translation>
    </message>
    <message>
        <source>Open a model before its plan</source>
        <translation>Öffnen Sie ein Modell vor seinem Plan</translation>
    </message>
    <message>
        <source>The plan has %1 modules, the open model %2: it was made for another model</source>
        <translation>Der Plan hat %1 Module, das offene Modell %2: er ist für ein anderes Modell</translation>
    </message>
    <message numerus="yes">
        <source>Refined plan: KL %1 to %2, %n swap(s)</source>
        <translation>
            <numerusform>Verfeinerter Plan: KL %1 auf %2, %n Tausch</numerusform>
            <numerusform>Verfeinerter Plan: KL %1 auf %2, %n Tausche</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::StudioWindow</name>
    <message>
        <source>Wait until the model is read</source>
        <translation>Warten, bis das Modell gelesen ist</translation>
    </message>
    <message>
        <source>Open a model first</source>
        <translation>Erst ein Modell öffnen</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>Bereiche</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Ausführen</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Open &amp;demo model</source>
        <translation>&amp;Demomodell öffnen</translation>
    </message>
    <message>
        <source>A small trained model with planted outliers, made by this project</source>
        <translation>Ein kleines trainiertes Modell mit eingepflanzten Ausreißern, von diesem Projekt gemacht</translation>
    </message>
    <message>
        <source>&amp;Open model folder…</source>
        <translation>Modell&amp;ordner öffnen …</translation>
    </message>
    <message>
        <source>A Hugging Face folder or a bundle written by Planish</source>
        <translation>Ein Hugging-Face-Ordner oder ein Bündel, das Planish geschrieben hat</translation>
    </message>
    <message>
        <source>Open &amp;file…</source>
        <translation>Da&amp;tei öffnen …</translation>
    </message>
    <message>
        <source>A .gguf model or a Planish project</source>
        <translation>Ein .gguf-Modell oder ein Planish-Projekt</translation>
    </message>
    <message>
        <source>Open quantized model in slot &amp;B…</source>
        <translation>&amp;Quantisiertes Modell in Platz B öffnen …</translation>
    </message>
    <message>
        <source>A bundle that was quantized from the open model, to be compared with it</source>
        <translation>Ein Bündel, das aus dem offenen Modell quantisiert wurde, um mit ihm verglichen zu werden</translation>
    </message>
    <message>
        <source>&amp;Save project</source>
        <translation>Projekt &amp;speichern</translation>
    </message>
    <message>
        <source>Plan, results and notes as one file</source>
        <translation>Plan, Ergebnisse und Notizen als eine Datei</translation>
    </message>
    <message>
        <source>Save project &amp;as…</source>
        <translation>Projekt speichern &amp;unter …</translation>
    </message>
    <message>
        <source>The project under another name</source>
        <translation>Das Projekt unter einem anderen Namen</translation>
    </message>
    <message>
        <source>&amp;Import plan…</source>
        <translation>Plan &amp;importieren …</translation>
    </message>
    <message>
        <source>The choices of a plan file; can be undone</source>
        <translation>Die Entscheidungen einer Plandatei; lässt sich rückgängig machen</translation>
    </message>
    <message>
        <source>&amp;Export plan…</source>
        <translation>Plan &amp;exportieren …</translation>
    </message>
    <message>
        <source>The choices as a file that the command line takes</source>
        <translation>Die Entscheidungen als Datei, die die Befehlszeile annimmt</translation>
    </message>
    <message>
        <source>There is no plan yet</source>
        <translation>Es gibt noch keinen Plan</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Close the studio</source>
        <translation>Das Studio schließen</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Takes the last choice back</source>
        <translation>Nimmt die letzte Entscheidung zurück</translation>
    </message>
    <message>
        <source>Nothing was changed yet</source>
        <translation>Noch nichts wurde geändert</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Makes the choice again</source>
        <translation>Trifft die Entscheidung noch einmal</translation>
    </message>
    <message>
        <source>Nothing was taken back</source>
        <translation>Nichts wurde zurückgenommen</translation>
    </message>
    <message>
        <source>&amp;Filter layers</source>
        <translation>Schichten &amp;filtern</translation>
    </message>
    <message>
        <source>Words and comparisons that choose rows of the layer table</source>
        <translation>Wörter und Vergleiche, die Zeilen der Schichttabelle wählen</translation>
    </message>
    <message>
        <source>&amp;Copy as command</source>
        <translation>Als Befehl &amp;kopieren</translation>
    </message>
    <message>
        <source>The planish line of the newest job</source>
        <translation>Die planish-Zeile des neuesten Auftrags</translation>
    </message>
    <message>
        <source>No job yet that the command line could repeat</source>
        <translation>Noch kein Auftrag, den die Befehlszeile wiederholen könnte</translation>
    </message>
    <message>
        <source>&amp;Export plot…</source>
        <translation>&amp;Diagramm exportieren …</translation>
    </message>
    <message>
        <source>The plot that had the focus last, as PNG, SVG, PDF or CSV</source>
        <translation>Das Diagramm, das zuletzt den Fokus hatte, als PNG, SVG, PDF oder CSV</translation>
    </message>
    <message>
        <source>Click the plot to export first</source>
        <translation>Erst das Diagramm anklicken, das exportiert werden soll</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
        <source>Colours, language, files and keys</source>
        <translation>Farben, Sprache, Dateien und Tasten</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>Where to begin</source>
        <translation>Wo man anfängt</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>Every layer in numbers and pictures</source>
        <translation>Jede Schicht in Zahlen und Bildern</translation>
    </message>
    <message>
        <source>Transforms</source>
        <translation>Transformationen</translation>
    </message>
    <message>
        <source>The rule, its threshold, and your choices</source>
        <translation>Die Regel, ihre Schwelle und Ihre Entscheidungen</translation>
    </message>
    <message>
        <source>Calibrate</source>
        <translation>Kalibrieren</translation>
    </message>
    <message>
        <source>Learn the transforms and quantize</source>
        <translation>Transformationen lernen und quantisieren</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>Bewerten</translation>
    </message>
    <message>
        <source>What quantization costs</source>
        <translation>Was die Quantisierung kostet</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>Gespräch</translation>
    </message>
    <message>
        <source>Talk to the model</source>
        <translation>Mit dem Modell sprechen</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>Wie das &amp;System</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>High &amp;contrast</source>
        <translation>Hoher &amp;Kontrast</translation>
    </message>
    <message>
        <source>Colours of the window and its plots</source>
        <translation>Farben des Fensters und seiner Diagramme</translation>
    </message>
    <message>
        <source>Switch light and dark</source>
        <translation>Hell und dunkel wechseln</translation>
    </message>
    <message>
        <source>The other theme</source>
        <translation>Die anderen Farben</translation>
    </message>
    <message>
        <source>&amp;Command palette…</source>
        <translation>&amp;Befehlspalette …</translation>
    </message>
    <message>
        <source>Every command by its name</source>
        <translation>Jeder Befehl bei seinem Namen</translation>
    </message>
    <message>
        <source>&amp;Go to…</source>
        <translation>&amp;Gehe zu …</translation>
    </message>
    <message>
        <source>Layers, runs, plots, settings and help by their names</source>
        <translation>Schichten, Läufe, Diagramme, Einstellungen und Hilfe bei ihren Namen</translation>
    </message>
    <message>
        <source>The panel that has the focus gets all the room, or gives it back</source>
        <translation>Der Bereich mit dem Fokus bekommt den ganzen Platz oder gibt ihn zurück</translation>
    </message>
    <message>
        <source>Show a panel first</source>
        <translation>Erst einen Bereich zeigen</translation>
    </message>
    <message>
        <source>&amp;Save layout as…</source>
        <translation>Anordnung &amp;speichern unter …</translation>
    </message>
    <message>
        <source>Keeps where the panels stand under a name</source>
        <translation>Merkt sich unter einem Namen, wo die Bereiche stehen</translation>
    </message>
    <message>
        <source>&amp;Restore default layout</source>
        <translation>&amp;Anfängliche Anordnung</translation>
    </message>
    <message>
        <source>Panels where they were at first, in all workspaces</source>
        <translation>Bereiche, wo sie anfangs waren, in allen Arbeitsbereichen</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>&amp;Vollbild</translation>
    </message>
    <message>
        <source>Without frame</source>
        <translation>Ohne Rahmen</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>The model as a tree, and what it is compared with</source>
        <translation>Das Modell als Baum, und womit es verglichen wird</translation>
    </message>
    <message>
        <source>&amp;Layer card</source>
        <translation>&amp;Schichtkarte</translation>
    </message>
    <message>
        <source>The selected layer in numbers, and notes</source>
        <translation>Die gewählte Schicht in Zahlen, und Notizen</translation>
    </message>
    <message>
        <source>&amp;Jobs</source>
        <translation>&amp;Aufträge</translation>
    </message>
    <message>
        <source>What runs, what waits, what is done</source>
        <translation>Was läuft, was wartet, was fertig ist</translation>
    </message>
    <message>
        <source>L&amp;og</source>
        <translation>&amp;Protokoll</translation>
    </message>
    <message>
        <source>What was done, one line an event</source>
        <translation>Was geschehen ist, eine Zeile je Ereignis</translation>
    </message>
    <message>
        <source>Undo &amp;history</source>
        <translation>&amp;Verlauf</translation>
    </message>
    <message>
        <source>Every choice in order; a click goes back to it</source>
        <translation>Jede Entscheidung der Reihe nach; ein Klick geht zu ihr zurück</translation>
    </message>
    <message>
        <source>&amp;Data table</source>
        <translation>&amp;Wertetabelle</translation>
    </message>
    <message>
        <source>The plot that had the focus last as a table</source>
        <translation>Das Diagramm, das zuletzt den Fokus hatte, als Tabelle</translation>
    </message>
    <message>
        <source>&amp;Measure activations</source>
        <translation>Aktivierungen &amp;messen</translation>
    </message>
    <message>
        <source>Statistics of what enters each layer, over a text</source>
        <translation>Statistik dessen, was in jede Schicht hineingeht, über einem Text</translation>
    </message>
    <message>
        <source>&amp;Stop current job</source>
        <translation>Laufenden Auftrag &amp;anhalten</translation>
    </message>
    <message>
        <source>Stops at the next checkpoint; finished parts are kept</source>
        <translation>Hält an der nächsten Stelle an, an der es geht; fertige Teile bleiben</translation>
    </message>
    <message>
        <source>Nothing runs</source>
        <translation>Nichts läuft</translation>
    </message>
    <message>
        <source>It is stopping already</source>
        <translation>Es hält schon an</translation>
    </message>
    <message>
        <source>&amp;Help on this workspace</source>
        <translation>&amp;Hilfe zu diesem Arbeitsbereich</translation>
    </message>
    <message>
        <source>What is shown here and how it is measured</source>
        <translation>Was hier gezeigt und wie es gemessen wird</translation>
    </message>
    <message>
        <source>&amp;What&apos;s this?</source>
        <translation>&amp;Was ist das?</translation>
    </message>
    <message>
        <source>The next click explains what it meets</source>
        <translation>Der nächste Klick erklärt, was er trifft</translation>
    </message>
    <message>
        <source>&amp;Keyboard</source>
        <translation>&amp;Tastatur</translation>
    </message>
    <message>
        <source>All commands with their keys</source>
        <translation>Alle Befehle mit ihren Tasten</translation>
    </message>
    <message>
        <source>&amp;About Planish</source>
        <translation>&amp;Über Planish</translation>
    </message>
    <message>
        <source>Version and licence</source>
        <translation>Version und Lizenz</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Recent</source>
        <translation>&amp;Zuletzt</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation>Berei&amp;che</translation>
    </message>
    <message>
        <source>La&amp;yout</source>
        <translation>An&amp;ordnung</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>A&amp;usführen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>%1 is not there any more; the start page can look for it</source>
        <translation>%1 ist nicht mehr da; die Startseite kann danach suchen</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>Noch nichts</translation>
    </message>
    <message>
        <source>%1 was saved by a window with other panels</source>
        <translation>%1 wurde von einem Fenster mit anderen Bereichen gespeichert</translation>
    </message>
    <message>
        <source>&amp;Forget</source>
        <translation>&amp;Vergessen</translation>
    </message>
    <message>
        <source>Save layout</source>
        <translation>Anordnung speichern</translation>
    </message>
    <message>
        <source>Name of the layout</source>
        <translation>Name der Anordnung</translation>
    </message>
    <message>
        <source>Workspaces</source>
        <translation>Arbeitsbereiche</translation>
    </message>
    <message>
        <source>&amp;Undo %1</source>
        <translation>&amp;Rückgängig: %1</translation>
    </message>
    <message>
        <source>&amp;Redo %1</source>
        <translation>&amp;Wiederholen: %1</translation>
    </message>
    <message>
        <source>Planish</source>
        <translation>Planish</translation>
    </message>
    <message>
        <source>%1[*] – Planish</source>
        <translation>%1[*] – Planish</translation>
    </message>
    <message>
        <source>%1 is the text for activations and calibration now</source>
        <translation>%1 ist jetzt der Text für Aktivierungen und Kalibrierung</translation>
    </message>
    <message>
        <source>%1 could not be opened</source>
        <translation>%1 konnte nicht geöffnet werden</translation>
    </message>
    <message>
        <source>Open a model folder</source>
        <translation>Einen Modellordner öffnen</translation>
    </message>
    <message>
        <source>Open a file</source>
        <translation>Eine Datei öffnen</translation>
    </message>
    <message>
        <source>Models and projects (*.gguf *.planish)</source>
        <translation>Modelle und Projekte (*.gguf *.planish)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Open a quantized model in slot B</source>
        <translation>Ein quantisiertes Modell in Platz B öffnen</translation>
    </message>
    <message>
        <source>The project could not be saved</source>
        <translation>Das Projekt konnte nicht gespeichert werden</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>Save the project</source>
        <translation>Das Projekt speichern</translation>
    </message>
    <message>
        <source>Planish projects (*.planish)</source>
        <translation>Planish-Projekte (*.planish)</translation>
    </message>
    <message>
        <source>Import a plan</source>
        <translation>Einen Plan importieren</translation>
    </message>
    <message>
        <source>Plans (*.json)</source>
        <translation>Pläne (*.json)</translation>
    </message>
    <message>
        <source>The plan could not be read</source>
        <translation>Der Plan konnte nicht gelesen werden</translation>
    </message>
    <message>
        <source>Export the plan</source>
        <translation>Den Plan exportieren</translation>
    </message>
    <message>
        <source>The plan could not be written</source>
        <translation>Der Plan konnte nicht geschrieben werden</translation>
    </message>
    <message>
        <source>Export the plot</source>
        <translation>Das Diagramm exportieren</translation>
    </message>
    <message>
        <source>PNG picture (*.png)</source>
        <translation>PNG-Bild (*.png)</translation>
    </message>
    <message>
        <source>SVG drawing (*.svg)</source>
        <translation>SVG-Zeichnung (*.svg)</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Values (*.csv)</source>
        <translation>Werte (*.csv)</translation>
    </message>
    <message>
        <source>Exported %1</source>
        <translation>%1 exportiert</translation>
    </message>
    <message>
        <source>The plot could not be exported</source>
        <translation>Das Diagramm konnte nicht exportiert werden</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>Kopiert: %1</translation>
    </message>
    <message>
        <source>Choose a text to run through the model</source>
        <translation>Einen Text wählen, der durch das Modell laufen soll</translation>
    </message>
    <message>
        <source>Texts (*.txt *.jsonl *.gz *.raw)</source>
        <translation>Texte (*.txt *.jsonl *.gz *.raw)</translation>
    </message>
    <message>
        <source>Unsaved work on %1 from %2 was found: the studio was ended without saving it.</source>
        <translation>Ungespeicherte Arbeit an %1 vom %2 wurde gefunden: Das Studio endete, ohne sie zu speichern.</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>The work could not be recovered</source>
        <translation>Die Arbeit konnte nicht wiederhergestellt werden</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <source>Where is %1 now?</source>
        <translation>Wo ist %1 jetzt?</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>Tastatur</translation>
    </message>
    <message>
        <source>In tables and plots</source>
        <translation>In Tabellen und Diagrammen</translation>
    </message>
    <message>
        <source>accept the automatic choice</source>
        <translation>die automatische Wahl annehmen</translation>
    </message>
    <message>
        <source>no transform, affine, rotation, Hadamard</source>
        <translation>keine Transformation, affin, Rotation, Hadamard</translation>
    </message>
    <message>
        <source>before and after the transform</source>
        <translation>vor und nach der Transformation</translation>
    </message>
    <message>
        <source>whole plot again</source>
        <translation>wieder das ganze Diagramm</translation>
    </message>
    <message>
        <source>sample by sample</source>
        <translation>Wert für Wert</translation>
    </message>
    <message>
        <source>threshold by 0.1</source>
        <translation>Schwelle um 0,1</translation>
    </message>
    <message>
        <source>About Planish</source>
        <translation>Über Planish</translation>
    </message>
    <message>
        <source>&lt;b&gt;Planish %1&lt;/b&gt;&lt;p&gt;Studies and quantizes large language models, on this machine alone: no network, no telemetry.&lt;/p&gt;&lt;p&gt;The window is free software under GPL-3.0-or-later, the engine under Apache-2.0.&lt;/p&gt;</source>
        <translation>&lt;b&gt;Planish %1&lt;/b&gt;&lt;p&gt;Untersucht und quantisiert große Sprachmodelle, allein auf dieser Maschine: kein Netz, keine Telemetrie.&lt;/p&gt;&lt;p&gt;Das Fenster ist freie Software unter GPL-3.0-or-later, das Rechenwerk unter Apache-2.0.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>A double click on the title gives the panel all the room, another gives it back</source>
        <translation>Ein Doppelklick auf den Titel gibt dem Bereich den ganzen Platz, ein weiterer gibt ihn zurück</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>As the rule chose</source>
        <translation>Wie die Regel gewählt hat</translation>
    </message>
    <message>
        <source>Undo history</source>
        <translation>Verlauf der Entscheidungen</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Data table</source>
        <translation>Wertetabelle</translation>
    </message>
    <message>
        <source>✓  %1</source>
        <translation>✓  %1</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>Befehlspalette</translation>
    </message>
    <message>
        <source>A command…</source>
        <translation>Ein Befehl …</translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>Gehe zu</translation>
    </message>
    <message>
        <source>A layer, module, run, plot, setting or help page…</source>
        <translation>Schicht, Modul, Lauf, Diagramm, Einstellung oder Hilfeseite …</translation>
    </message>
    <message>
        <source>Worst module by robust z: %1</source>
        <translation>Schlimmstes Modul nach robustem z: %1</translation>
    </message>
    <message>
        <source>z %1</source>
        <translation>z %1</translation>
    </message>
    <message>
        <source>Worst layer by kurtosis: %1</source>
        <translation>Schlimmste Schicht nach Wölbung: %1</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation>Schicht %1</translation>
    </message>
    <message>
        <source>module, z %1</source>
        <translation>Modul, z %1</translation>
    </message>
    <message>
        <source>Evaluation of %1</source>
        <translation>Bewertung von %1</translation>
    </message>
    <message>
        <source>run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>job, %1</source>
        <translation>Auftrag, %1</translation>
    </message>
    <message>
        <source>plot</source>
        <translation>Diagramm</translation>
    </message>
    <message>
        <source>workspace</source>
        <translation>Arbeitsbereich</translation>
    </message>
    <message>
        <source>Settings: %1</source>
        <translation>Einstellungen: %1</translation>
    </message>
    <message>
        <source>settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>No model is open. Open one, or look at the demo model first.</source>
        <translation>Kein Modell ist offen. Öffnen Sie eines, oder sehen Sie erst das Demomodell an.</translation>
    </message>
    <message>
        <source>%1 failed</source>
        <translation>%1 ist fehlgeschlagen</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>%1 could not be read</source>
        <translation>%1 konnte nicht gelesen werden</translation>
    </message>
    <message numerus="yes">
        <source>Reading was stopped: %1 of %n layer(s) measured</source>
        <translation>
            <numerusform>Das Lesen wurde angehalten: %1 von %n Schicht gemessen</numerusform>
            <numerusform>Das Lesen wurde angehalten: %1 von %n Schichten gemessen</numerusform>
        </translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Ungespeicherte Änderungen</translation>
    </message>
    <message>
        <source>The choices, results and notes of %1 are not saved in a project.</source>
        <translation>Die Entscheidungen, Ergebnisse und Notizen zu %1 sind in keinem Projekt gespeichert.</translation>
    </message>
    <message>
        <source>Ma&amp;ximise panel</source>
        <translation>Bereich ma&amp;ximieren</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>The quantized model for other programs</source>
        <translation>Das quantisierte Modell für andere Programme</translation>
    </message>
    <message>
        <source>S&amp;tart what is set up here</source>
        <translation>S&amp;tarten, was hier eingestellt ist</translation>
    </message>
    <message>
        <source>Calibrates, evaluates or exports, as the workspace in front does</source>
        <translation>Kalibriert, bewertet oder exportiert, je nach Arbeitsbereich</translation>
    </message>
    <message>
        <source>Go to Calibrate, Evaluate or Export first</source>
        <translation>Erst zu Kalibrieren, Bewerten oder Exportieren gehen</translation>
    </message>
    <message>
        <source>%1 cannot start yet; the page says why</source>
        <translation>%1 geht noch nicht; die Seite sagt, warum</translation>
    </message>
    <message>
        <source>Write &amp;report…</source>
        <translation>&amp;Bericht schreiben …</translation>
    </message>
    <message>
        <source>Plan, calibration and evaluations as one HTML page that needs nothing else</source>
        <translation>Plan, Kalibrierung und Bewertungen als eine HTML-Seite, die sonst nichts braucht</translation>
    </message>
    <message>
        <source>Calibrate or evaluate first</source>
        <translation>Erst kalibrieren oder bewerten</translation>
    </message>
    <message>
        <source>Write a report</source>
        <translation>Bericht schreiben</translation>
    </message>
    <message>
        <source>HTML pages (*.html)</source>
        <translation>HTML-Seiten (*.html)</translation>
    </message>
    <message>
        <source>Report of %1: %2</source>
        <translation>Bericht von %1: %2</translation>
    </message>
    <message>
        <source>R&amp;e-run stale steps</source>
        <translation>&amp;Veraltete Schritte wiederholen</translation>
    </message>
    <message>
        <source>Makes anew what is older than what it was made from: calibration, evaluation, export</source>
        <translation>Macht neu, was älter ist als das, woraus es entstand: Kalibrierung, Bewertung, Export</translation>
    </message>
    <message>
        <source>Open a search</source>
        <translation>Eine Suche öffnen</translation>
    </message>
    <message>
        <source>Searches (*.json)</source>
        <translation>Suchen (*.json)</translation>
    </message>
    <message>
        <source>The search could not be read</source>
        <translation>Die Suche konnte nicht gelesen werden</translation>
    </message>
    <message>
        <source>Compare with a plan</source>
        <translation>Mit einem Plan vergleichen</translation>
    </message>
    <message>
        <source>All letters half as large again, for a projector</source>
        <translation>Alle Buchstaben um die Hälfte größer, für einen Projektor</translation>
    </message>
    <message>
        <source>Prese&amp;nter</source>
        <translation>&amp;Vorführung</translation>
    </message>
    <message>
        <source>keep in full precision</source>
        <translation>in voller Genauigkeit lassen</translation>
    </message>
    <message>
        <source>lock the choice, or unlock it</source>
        <translation>die Wahl sperren oder freigeben</translation>
    </message>
    <message>
        <source>what if, and use the best of it</source>
        <translation>was wäre wenn, und das Beste davon nehmen</translation>
    </message>
    <message>
        <source>layer before, layer after</source>
        <translation>Schicht davor, Schicht danach</translation>
    </message>
    <message>
        <source>logarithmic counts, normal fit (histogram)</source>
        <translation>logarithmische Anzahl, Normalverteilung (Histogramm)</translation>
    </message>
    <message>
        <source>middle of the quantiles (Q-Q)</source>
        <translation>Mitte der Quantile (Q-Q)</translation>
    </message>
    <message>
        <source>%1 is at work and will be stopped; what it has finished is kept.</source>
        <translation>%1 läuft und wird angehalten; was fertig ist, bleibt.</translation>
    </message>
    <message>
        <source>Work in progress</source>
        <translation>Arbeit läuft</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Reading was stopped: read the model again</source>
        <translation>Das Lesen wurde angehalten: lesen Sie das Modell noch einmal</translation>
    </message>
    <message>
        <source>Selection &amp;before</source>
        <translation>Auswahl &amp;davor</translation>
    </message>
    <message>
        <source>Back in the history of what was selected</source>
        <translation>Zurück im Verlauf der Auswahl</translation>
    </message>
    <message>
        <source>Forward in the history of what was selected</source>
        <translation>Vorwärts im Verlauf der Auswahl</translation>
    </message>
    <message>
        <source>Table or &amp;heat map</source>
        <translation>&amp;Tabelle oder Wärmekarte</translation>
    </message>
    <message>
        <source>The layers as rows, or as blocks by matrices in colours</source>
        <translation>Die Schichten als Zeilen oder als Blöcke mal Matrizen in Farben</translation>
    </message>
    <message>
        <source>&amp;A|B</source>
        <translation>&amp;A|B</translation>
    </message>
    <message>
        <source>What is compared with the model over it, in every picture and in the table</source>
        <translation>Was mit dem Modell verglichen wird, darüber, in jedem Bild und in der Tabelle</translation>
    </message>
    <message>
        <source>&amp;What if: all kinds in this module</source>
        <translation>&amp;Was wäre wenn: alle Arten in diesem Modul</translation>
    </message>
    <message>
        <source>Trains each kind for a moment in the selected modules (seconds)</source>
        <translation>Trainiert jede Art kurz in den gewählten Modulen (Sekunden)</translation>
    </message>
    <message>
        <source>&amp;Search the kinds of all modules</source>
        <translation>Arten aller Module &amp;suchen</translation>
    </message>
    <message>
        <source>Lets the kinds compete block by block (minutes), with the settings in Transforms</source>
        <translation>Lässt die Arten Block für Block antreten (Minuten), mit den Einstellungen unter Transformationen</translation>
    </message>
    <message>
        <source>&amp;Pause or continue the current job</source>
        <translation>Laufende Aufgabe an&amp;halten oder fortsetzen</translation>
    </message>
    <message>
        <source>It waits at its next step, and goes on from there</source>
        <translation>Sie wartet beim nächsten Schritt und geht von dort weiter</translation>
    </message>
    <message>
        <source>Stop &amp;all jobs</source>
        <translation>Alle Aufgaben &amp;beenden</translation>
    </message>
    <message>
        <source>What runs and what waits</source>
        <translation>Was läuft und was wartet</translation>
    </message>
    <message>
        <source>&amp;Layer</source>
        <translation>Schi&amp;cht</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>Noch einmal lesen</translation>
    </message>
    <message>
        <source>Open %1, this in slot B</source>
        <translation>%1 öffnen, dieses in Platz B</translation>
    </message>
    <message>
        <source>%1 is a quantized model: it can be evaluated, exported and talked to. Layers and choices belong to the model that it was made from.</source>
        <translation>%1 ist ein quantisiertes Modell: es lässt sich bewerten, exportieren und befragen. Schichten und Entscheidungen gehören zu dem Modell, aus dem es gemacht ist.</translation>
    </message>
    <message>
        <source>Selection a&amp;fter</source>
        <translation>Auswahl da&amp;nach</translation>
    </message>
    <message>
        <source>Teach</source>
        <translation>Unterricht</translation>
    </message>
    <message>
        <source>For a class: large letters, the demo, pages to read</source>
        <translation>Für eine Klasse: große Buchstaben, das Demomodell, Seiten zum Lesen</translation>
    </message>
    <message>
        <source>Skip this step</source>
        <translation>Schritt überspringen</translation>
    </message>
    <message>
        <source>Goes on with the steps behind it</source>
        <translation>Geht mit den Schritten dahinter weiter</translation>
    </message>
    <message>
        <source>Planish runs in another window already. A project that is open in both is overwritten by the one that saves last; settings too.</source>
        <translation>Planish läuft schon in einem anderen Fenster. Ein Projekt, das in beiden offen ist, überschreibt, wer zuletzt speichert; Einstellungen auch.</translation>
    </message>
    <message>
        <source>Work in this one too</source>
        <translation>Auch in diesem arbeiten</translation>
    </message>
    <message>
        <source>Close this one</source>
        <translation>Dieses schließen</translation>
    </message>
    <message>
        <source>&amp;Go on with the stopped calibration</source>
        <translation>Gestoppte Kalibrierung &amp;fortsetzen</translation>
    </message>
    <message>
        <source>After the blocks that are finished in the output folder</source>
        <translation>Nach den Blöcken, die im Ausgabeordner fertig sind</translation>
    </message>
    <message>
        <source>No calibration was stopped</source>
        <translation>Keine Kalibrierung wurde gestoppt</translation>
    </message>
    <message>
        <source>&amp;Chat side by side</source>
        <translation>&amp;Gespräch nebeneinander</translation>
    </message>
    <message>
        <source>The full-precision model writes and the quantized one reads along; again: one model</source>
        <translation>Das Modell in voller Genauigkeit schreibt, und das quantisierte liest mit; noch einmal: ein Modell</translation>
    </message>
    <message>
        <source>Calibrate or attach a quantized model first</source>
        <translation>Zuerst kalibrieren oder ein quantisiertes Modell hinzunehmen</translation>
    </message>
</context>
<context>
    <name>ui::TaskPlot</name>
    <message>
        <source>Zero-shot accuracy</source>
        <translation>Zero-Shot-Trefferquote</translation>
    </message>
    <message>
        <source>accuracy in % (higher is better), 95 % interval</source>
        <translation>Trefferquote in % (höher ist besser), 95-%-Intervall</translation>
    </message>
    <message>
        <source>full precision</source>
        <translation>volle Genauigkeit</translation>
    </message>
    <message>
        <source>quantized</source>
        <translation>quantisiert</translation>
    </message>
    <message>
        <source>%1, %2: %3 % (%4 to %5)</source>
        <translation>%1, %2: %3 % (%4 bis %5)</translation>
    </message>
</context>
<context>
    <name>ui::TaskTableModel</name>
    <message>
        <source>no significant difference</source>
        <translation>kein signifikanter Unterschied</translation>
    </message>
    <message>
        <source>quantized is worse</source>
        <translation>quantisiert ist schlechter</translation>
    </message>
    <message>
        <source>quantized is better</source>
        <translation>quantisiert ist besser</translation>
    </message>
    <message>
        <source>acc: share of items whose most probable choice is right; acc_norm: by probability a character of the choice</source>
        <translation>acc: Anteil der Fragen, deren wahrscheinlichste Antwort stimmt; acc_norm: nach Wahrscheinlichkeit je Zeichen der Antwort</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Items scored</source>
        <translation>Gewertete Fragen</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>Of full precision, in % ± one standard error: sample deviation / sqrt(items)</source>
        <translation>Bei voller Genauigkeit, in % ± ein Standardfehler: Stichprobenabweichung / Wurzel(Aufgaben)</translation>
    </message>
    <message>
        <source>Full precision</source>
        <translation>Volle Genauigkeit</translation>
    </message>
    <message>
        <source>Of the quantized model, in % ± one standard error: sample deviation / sqrt(items)</source>
        <translation>Beim quantisierten Modell, in % ± ein Standardfehler: Stichprobenabweichung / Wurzel(Aufgaben)</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>Quantisiert</translation>
    </message>
    <message>
        <source>Items that full precision has right and the quantized model wrong</source>
        <translation>Fragen, die volle Genauigkeit richtig und das quantisierte Modell falsch beantwortet</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Verloren</translation>
    </message>
    <message>
        <source>Items that full precision has wrong and the quantized model right</source>
        <translation>Fragen, die volle Genauigkeit falsch und das quantisierte Modell richtig beantwortet</translation>
    </message>
    <message>
        <source>Gained</source>
        <translation>Gewonnen</translation>
    </message>
    <message>
        <source>McNemar&apos;s exact test: how likely a split of the changed items at least as uneven is, if both models were equally good</source>
        <translation>Exakter McNemar-Test: wie wahrscheinlich eine mindestens so ungleiche Teilung der geänderten Fragen ist, wenn beide Modelle gleich gut wären</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>A difference counts as significant where p is below 0.05</source>
        <translation>Ein Unterschied gilt als signifikant, wo p unter 0,05 liegt</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 %2 → %2 {1 ?}</translation>
    </message>
    <message>
        <source>Of tasks without choices: exp of the mean negative log-likelihood of the answer, full precision → quantized, ± one bootstrapped standard error</source>
        <translation>Von Aufgaben ohne Auswahl: exp der mittleren negativen Log-Likelihood der Antwort, volle Genauigkeit → quantisiert, ± ein Standardfehler aus Bootstrap</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>Perplexität</translation>
    </message>
</context>
<context>
    <name>ui::TeachView</name>
    <message>
        <source>Teach</source>
        <translation>Unterricht</translation>
    </message>
    <message>
        <source>Lessons that watch what you do and answer it will be here: find an outlier, rotate it away, see what rounding costs. Until then, this is what a class can use today, without a network.</source>
        <translation>Hier werden Lektionen stehen, die zusehen und antworten: einen Ausreißer finden, ihn wegdrehen, sehen, was das Runden kostet. Bis dahin ist dies, was eine Klasse heute nutzen kann, ohne Netz.</translation>
    </message>
    <message>
        <source>All letters half as large again, in tables and plots too. F8 takes it back.</source>
        <translation>Alle Buchstaben anderthalbmal so groß, auch in Tabellen und Diagrammen. F8 nimmt es zurück.</translation>
    </message>
    <message>
        <source>The window without its frame, on the whole projector. F11 takes it back.</source>
        <translation>Das Fenster ohne Rahmen, auf dem ganzen Projektor. F11 nimmt es zurück.</translation>
    </message>
    <message>
        <source>A small model with planted outliers: all pupils see the same numbers.</source>
        <translation>Ein kleines Modell mit gepflanzten Ausreißern: Alle sehen dieselben Zahlen.</translation>
    </message>
    <message>
        <source>Pages to read with a class</source>
        <translation>Seiten zum Lesen mit einer Klasse</translation>
    </message>
</context>
<context>
    <name>ui::TextPicker</name>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen …</translation>
    </message>
    <message>
        <source>Browse for %1</source>
        <translation>%1 suchen</translation>
    </message>
    <message>
        <source>UTF-8 text, or .jsonl with a “text” key; either may be gzipped</source>
        <translation>UTF-8-Text oder .jsonl mit einem Schlüssel „text“; beides auch gzip-gepackt</translation>
    </message>
    <message>
        <source>Choose a text</source>
        <translation>Einen Text wählen</translation>
    </message>
    <message>
        <source>Texts (*.txt *.jsonl *.gz);;All files (*)</source>
        <translation>Texte (*.txt *.jsonl *.gz);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Einen Ordner wählen</translation>
    </message>
</context>
<context>
    <name>ui::ThresholdPlot</name>
    <message>
        <source>block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>robust z</source>
        <translation>robustes z</translation>
    </message>
    <message>
        <source>↕ drag to set a threshold</source>
        <translation>↕ ziehen, um eine Schwelle zu setzen</translation>
    </message>
    <message>
        <source>not available</source>
        <translation>nicht vorhanden</translation>
    </message>
    <message>
        <source>%1: z %2, excess kurtosis %3, %4</source>
        <translation>%1: z %2, Exzess-Wölbung %3, %4</translation>
    </message>
    <message>
        <source> (yours)</source>
        <translation> (eigene)</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n module(s) rotated, threshold %2</source>
        <translation>
            <numerusform>%1 von %n Modul rotiert, Schwelle %2</numerusform>
            <numerusform>%1 von %n Modulen rotiert, Schwelle %2</numerusform>
        </translation>
    </message>
    <message>
        <source>yours</source>
        <translation>eigene</translation>
    </message>
    <message>
        <source>, rank %1 of %2</source>
        <translation>, Rang %1 von %2</translation>
    </message>
    <message>
        <source>, z of the quantized model %1</source>
        <translation>, z des quantisierten Modells %1</translation>
    </message>
    <message>
        <source>quantized</source>
        <translation>quantisiert</translation>
    </message>
    <message numerus="yes">
        <source>%n without z</source>
        <translation>
            <numerusform>%n ohne z</numerusform>
            <numerusform>%n ohne z</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::TokenPanel</name>
    <message>
        <source>Ask something: each token&apos;s divergence appears here</source>
        <translation>Fragen Sie etwas: Hier erscheint die Divergenz jedes Tokens</translation>
    </message>
    <message>
        <source>Most probable tokens of both models</source>
        <translation>Wahrscheinlichste Token beider Modelle</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>quantized</source>
        <translation>quantisiert</translation>
    </message>
    <message>
        <source>Blocks by their error at this token</source>
        <translation>Blöcke nach ihrem Fehler an diesem Token</translation>
    </message>
    <message>
        <source>block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>of typical</source>
        <translation>des Üblichen</translation>
    </message>
    <message>
        <source>Click a token to see what both models held probable.</source>
        <translation>Ein Token anklicken, um zu sehen, was beide Modelle für wahrscheinlich hielten.</translation>
    </message>
    <message>
        <source>Token %1: “%2”, KL %3 nats</source>
        <translation>Token %1: „%2“, KL %3 Nat</translation>
    </message>
    <message>
        <source>Squared error of the block&apos;s output at this token, relative to what the block adds to its input; every block is given the full-precision input, so each error is its own.
Enter or a click shows the block&apos;s layers.</source>
        <translation>Quadratischer Fehler der Blockausgabe an diesem Token, bezogen auf das, was der Block zu seiner Eingabe addiert; jeder Block bekommt die Eingabe in voller Genauigkeit, jeder Fehler ist also sein eigener.
Eingabe oder ein Klick zeigt die Schichten des Blocks.</translation>
    </message>
</context>
<context>
    <name>ui::TokenPlot</name>
    <message>
        <source>Divergence of each token</source>
        <translation>Divergenz jedes Tokens</translation>
    </message>
    <message>
        <source>token of the answer</source>
        <translation>Token der Antwort</translation>
    </message>
    <message>
        <source>KL (nats)</source>
        <translation>KL (Nat)</translation>
    </message>
    <message>
        <source>“%1”, KL %2 nats</source>
        <translation>„%1“, KL %2 Nat</translation>
    </message>
    <message>
        <source>“%1”, KL %2 nats, the other model: “%3”</source>
        <translation>„%1“, KL %2 Nat, das andere Modell: „%3“</translation>
    </message>
    <message>
        <source>another choice</source>
        <translation>eine andere Wahl</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s), %1, largest at token %2 “%3”</source>
        <translation>
            <numerusform>%n Token, %1, am größten bei Token %2 „%3“</numerusform>
            <numerusform>%n Token, %1, am größten bei Token %2 „%3“</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 % same choice, mean KL %2</source>
        <translation>%1 % gleiche Wahl, mittlere KL %2</translation>
    </message>
</context>
<context>
    <name>ui::TranscriptPane</name>
    <message>
        <source>Conversation</source>
        <translation>Gespräch</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Sie</translation>
    </message>
    <message>
        <source>what it would have chosen</source>
        <translation>was es gewählt hätte</translation>
    </message>
</context>
<context>
    <name>ui::TransformsView</name>
    <message>
        <source>Attention</source>
        <translation>Attention</translation>
    </message>
    <message>
        <source>MLP</source>
        <translation>MLP</translation>
    </message>
    <message>
        <source>Open a model to see its modules</source>
        <translation>Ein Modell öffnen, um seine Module zu sehen</translation>
    </message>
    <message>
        <source>Robust z = 0.6745 (K − median) / MAD of the modules&apos; weight kurtosis. Drag the line, or + and − for steps of 0.1; Esc while dragging gives up</source>
        <translation>Robustes z = 0,6745 (K − Median) / MAD der Gewichtswölbung der Module. Die Linie ziehen, oder + und − für Schritte von 0,1; Esc beim Ziehen bricht ab</translation>
    </message>
    <message>
        <source>Threshold of %1 %2 → %3</source>
        <translation>Schwelle von %1 %2 → %3</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Modules</source>
        <translation>Module</translation>
    </message>
    <message>
        <source>%1 of %2 rotated</source>
        <translation>%1 von %2 rotiert</translation>
    </message>
    <message numerus="yes">
        <source>Preview: %n choice(s) would change</source>
        <translation>
            <numerusform>Vorschau: %n Entscheidung würde sich ändern</numerusform>
            <numerusform>Vorschau: %n Entscheidungen würden sich ändern</numerusform>
        </translation>
    </message>
    <message>
        <source>Rule fitted on: %1</source>
        <translation>Regel angepasst an: %1</translation>
    </message>
    <message>
        <source>This rule is not calibrated: no evidence yet that kurtosis predicts the better kind for this model.</source>
        <translation>Diese Regel ist nicht kalibriert: Noch belegt nichts, dass die Wölbung bei diesem Modell die bessere Art vorhersagt.</translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation>Vorher und nachher</translation>
    </message>
    <message>
        <source>Automatic	Space</source>
        <translation>Automatisch	Leertaste</translation>
    </message>
    <message>
        <source>Lock or unlock	L</source>
        <translation>Sperren oder freigeben	L</translation>
    </message>
    <message>
        <source>Bits of these modules</source>
        <translation>Bits dieser Module</translation>
    </message>
    <message>
        <source>W%1 A%1, keys and values too</source>
        <translation>W%1 A%1, auch Schlüssel und Werte</translation>
    </message>
    <message>
        <source>As the plan</source>
        <translation>Wie der Plan</translation>
    </message>
    <message>
        <source>What if	W</source>
        <translation>Was wäre wenn	W</translation>
    </message>
    <message>
        <source>The selected module</source>
        <translation>Das gewählte Modul</translation>
    </message>
    <message>
        <source>What if</source>
        <translation>Was wäre wenn</translation>
    </message>
    <message>
        <source>◷ What if?</source>
        <translation>◷ Was wäre wenn?</translation>
    </message>
    <message>
        <source>Compares the kinds in the selected modules now (seconds). Key: W</source>
        <translation>Vergleicht die Arten in den gewählten Modulen jetzt (Sekunden). Taste: W</translation>
    </message>
    <message>
        <source>Compare the kinds now</source>
        <translation>Arten jetzt vergleichen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Second plan</source>
        <translation>Zweiter Plan</translation>
    </message>
    <message>
        <source>Full precision	X</source>
        <translation>Volle Genauigkeit	X</translation>
    </message>
    <message>
        <source>The modules stand here when all layers are read</source>
        <translation>Die Module stehen hier, wenn alle Schichten gelesen sind</translation>
    </message>
    <message>
        <source>The model could not be read</source>
        <translation>Das Modell konnte nicht gelesen werden</translation>
    </message>
</context>
<context>
    <name>ui::WelcomeView</name>
    <message>
        <source>See the outliers of a language model, choose a transform for each module, quantize it, and check what it costs.</source>
        <translation>Die Ausreißer eines Sprachmodells sehen, für jedes Modul eine Transformation wählen, es quantisieren und prüfen, was es kostet.</translation>
    </message>
    <message>
        <source>Kurtosis, histograms and outlier channels of every layer, weights and activations.</source>
        <translation>Wölbung, Histogramme und Ausreißerkanäle jeder Schicht, Gewichte und Aktivierungen.</translation>
    </message>
    <message>
        <source>Drag a threshold, or choose affine, rotation or none for each module.</source>
        <translation>Eine Schwelle ziehen oder für jedes Modul affin, Rotation oder keine wählen.</translation>
    </message>
    <message>
        <source>Learn the transforms block by block, with the loss as it falls.</source>
        <translation>Die Transformationen Block für Block lernen, mit dem Verlust, wie er fällt.</translation>
    </message>
    <message>
        <source>Perplexity and divergence against full precision, with their uncertainty.</source>
        <translation>Perplexität und Divergenz gegen volle Genauigkeit, mit ihrer Unsicherheit.</translation>
    </message>
    <message>
        <source>Talk to the quantized model.</source>
        <translation>Mit dem quantisierten Modell sprechen.</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Zuletzt</translation>
    </message>
    <message>
        <source>Nothing yet. Drop a model folder, a .gguf file or a project anywhere in this window.</source>
        <translation>Noch nichts. Ziehen Sie einen Modellordner, eine .gguf-Datei oder ein Projekt irgendwo in dieses Fenster.</translation>
    </message>
    <message>
        <source>Recent models and projects</source>
        <translation>Zuletzt geöffnete Modelle und Projekte</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>Diese Maschine</translation>
    </message>
    <message>
        <source>Everything is computed here. Planish never uses the network.</source>
        <translation>Alles wird hier berechnet. Planish benutzt nie das Netz.</translation>
    </message>
    <message>
        <source>%1   –   %2</source>
        <translation>%1   –   %2</translation>
    </message>
    <message>
        <source>%1   –   not there any more. Locate…</source>
        <translation>%1   –   nicht mehr da. Suchen …</translation>
    </message>
    <message>
        <source>%1 is not there any more; a click asks where it is now</source>
        <translation>%1 ist nicht mehr da; ein Klick fragt, wo es jetzt ist</translation>
    </message>
    <message>
        <source>Looking at the devices…</source>
        <translation>Sieht nach den Geräten …</translation>
    </message>
    <message>
        <source>%1: %2, %3</source>
        <translation>%1: %2, %3</translation>
    </message>
    <message>
        <source>No CUDA: %1</source>
        <translation>Kein CUDA: %1</translation>
    </message>
    <message>
        <source>Write it for other programs, and check that it reads back the same.</source>
        <translation>Es für andere Programme schreiben und prüfen, dass es sich gleich zurückliest.</translation>
    </message>
</context>
<context>
    <name>ui::WhatIfPanel</name>
    <message>
        <source>◷ Compare kinds</source>
        <translation>◷ Arten vergleichen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Use the best</source>
        <translation>Die beste nehmen</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>Als Befehl kopieren</translation>
    </message>
    <message>
        <source>Progress of the comparison</source>
        <translation>Fortschritt des Vergleichs</translation>
    </message>
    <message>
        <source>Trains each kind of transform in the selected modules for a moment (seconds each). Key: W</source>
        <translation>Trainiert jede Art der Transformation in den gewählten Modulen einen Moment lang (je Sekunden). Taste: W</translation>
    </message>
    <message>
        <source>Stops the comparison; modules that are done keep their answer</source>
        <translation>Hält den Vergleich an; fertige Module behalten ihre Antwort</translation>
    </message>
    <message>
        <source>Takes the marked kind, or the best one, into the plan; can be undone. Key: U</source>
        <translation>Übernimmt die markierte Art oder die beste in den Plan; lässt sich rückgängig machen. Taste: U</translation>
    </message>
    <message>
        <source>The planish line that does the same</source>
        <translation>Die planish-Zeile, die dasselbe tut</translation>
    </message>
    <message>
        <source>Effort</source>
        <translation>Aufwand</translation>
    </message>
    <message>
        <source>quick</source>
        <translation>schnell</translation>
    </message>
    <message>
        <source>standard</source>
        <translation>üblich</translation>
    </message>
    <message>
        <source>thorough</source>
        <translation>gründlich</translation>
    </message>
    <message>
        <source>How long each kind is trained: 8 windows of 128 tokens, 16 of 256, or 64 of 256</source>
        <translation>Wie lange jede Art trainiert wird: 8 Fenster mit 128 Token, 16 mit 256 oder 64 mit 256</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation>SQNR</translation>
    </message>
    <message>
        <source>compute</source>
        <translation>Rechnen</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Kinds of transform</source>
        <translation>Arten der Transformation</translation>
    </message>
    <message>
        <source>Each kind becomes a row here</source>
        <translation>Jede Art wird hier zu einer Zeile</translation>
    </message>
    <message>
        <source>Open a model first</source>
        <translation>Erst ein Modell öffnen</translation>
    </message>
    <message>
        <source>Select a module: the embedding and the head have no transform</source>
        <translation>Ein Modul wählen: Einbettung und Kopf haben keine Transformation</translation>
    </message>
    <message>
        <source>Choose a text in Calibrate: the kinds are trained and measured on it</source>
        <translation>In Kalibrieren einen Text wählen: die Arten werden damit trainiert und gemessen</translation>
    </message>
    <message>
        <source>What if: %1</source>
        <translation>Was wäre wenn: %1</translation>
    </message>
    <message>
        <source>What if</source>
        <translation>Was wäre wenn</translation>
    </message>
    <message>
        <source>Press W, or Compare kinds, to try all four in this module</source>
        <translation>W drücken oder Arten vergleichen, um alle vier in diesem Modul zu versuchen</translation>
    </message>
    <message>
        <source>Waiting for the job before it</source>
        <translation>Wartet auf den Auftrag davor</translation>
    </message>
    <message>
        <source>Training each kind for a moment…</source>
        <translation>Trainiert jede Art einen Moment …</translation>
    </message>
    <message>
        <source>Stopped by you before it was done</source>
        <translation>Von Ihnen angehalten, bevor es fertig war</translation>
    </message>
    <message>
        <source>, %1 dB more than the planned %2</source>
        <translation>, %1 dB mehr als %2 im Plan</translation>
    </message>
    <message>
        <source>, as planned</source>
        <translation>, wie geplant</translation>
    </message>
    <message>
        <source>⚠ The bits have changed since: compare again. </source>
        <translation>⚠ Die Bits haben sich seitdem geändert: neu vergleichen. </translation>
    </message>
    <message>
        <source>Use %1</source>
        <translation>%1 nehmen</translation>
    </message>
    <message>
        <source>The model is being read</source>
        <translation>Das Modell wird gelesen</translation>
    </message>
    <message>
        <source>The model could not be read</source>
        <translation>Das Modell konnte nicht gelesen werden</translation>
    </message>
    <message>
        <source>&lt;b&gt;%1&lt;/b&gt; has the least error: SQNR %2 dB</source>
        <translation>&lt;b&gt;%1&lt;/b&gt; hat den kleinsten Fehler: SQNR %2 dB</translation>
    </message>
    <message>
        <source>, which is within the windows&apos; spread: &lt;b&gt;no clear difference&lt;/b&gt;</source>
        <translation>, was in der Streuung der Fenster liegt: &lt;b&gt;kein klarer Unterschied&lt;/b&gt;</translation>
    </message>
    <message numerus="yes">
        <source>. It adds %1 % of the module&apos;s own multiply-adds and %2 of memory. W%3 A%4, measured on %n window(s) kept aside.</source>
        <translation>
            <numerusform>. Es kostet %1 % der Multiplikationen des Moduls zusätzlich und %2 Speicher. W%3 A%4, gemessen an %n zurückgelegten Fenster.</numerusform>
            <numerusform>. Es kostet %1 % der Multiplikationen des Moduls zusätzlich und %2 Speicher. W%3 A%4, gemessen an %n zurückgelegten Fenstern.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::WhatIfPlot</name>
    <message>
        <source>output error (MSE)</source>
        <translation>Fehler der Ausgabe (MSE)</translation>
    </message>
    <message>
        <source>SQNR, dB</source>
        <translation>SQNR, dB</translation>
    </message>
    <message>
        <source>more multiply-adds, %</source>
        <translation>mehr Multiplikationen, %</translation>
    </message>
    <message>
        <source>added memory, KiB</source>
        <translation>mehr Speicher, KiB</translation>
    </message>
    <message>
        <source>training time, s</source>
        <translation>Trainingszeit, s</translation>
    </message>
    <message>
        <source>%1
(planned)</source>
        <translation>%1
(geplant)</translation>
    </message>
    <message>
        <source>%1: error %2 ± %3 (untrained %4), SQNR %5 dB, %6 % more multiply-adds, %7 KiB</source>
        <translation>%1: Fehler %2 ± %3 (untrainiert %4), SQNR %5 dB, %6 % mehr Multiplikationen, %7 KiB</translation>
    </message>
    <message>
        <source>untrained</source>
        <translation>untrainiert</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>95-%-Intervall</translation>
    </message>
</context>
<context>
    <name>ui::WhatIfTableModel</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>Mean squared error of the module&apos;s output on held-out windows, before training</source>
        <translation>Mittlerer quadratischer Fehler der Ausgabe des Moduls auf zurückgehaltenen Fenstern, vor dem Training</translation>
    </message>
    <message>
        <source>Mean squared error of the module&apos;s output on held-out windows, after training</source>
        <translation>Mittlerer quadratischer Fehler der Ausgabe des Moduls auf zurückgehaltenen Fenstern, nach dem Training</translation>
    </message>
    <message>
        <source>Standard error over the held-out windows</source>
        <translation>Standardfehler über die zurückgehaltenen Fenster</translation>
    </message>
    <message>
        <source>10 log10 of what the module adds to its input, squared, over the error</source>
        <translation>10 log10 dessen, was das Modul zu seinem Eingang hinzufügt, quadriert, durch den Fehler</translation>
    </message>
    <message>
        <source>Multiply-adds a token of the online transforms, against those of the module&apos;s matrices</source>
        <translation>Multiplikationen je Token für die Transformationen im Betrieb, gegen die der Matrizen des Moduls</translation>
    </message>
    <message>
        <source>Memory of the transforms at run time</source>
        <translation>Speicher der Transformationen im Betrieb</translation>
    </message>
    <message>
        <source>Training and measuring</source>
        <translation>Training und Messung</translation>
    </message>
    <message>
        <source>Transform</source>
        <translation>Transformation</translation>
    </message>
    <message>
        <source>Untrained</source>
        <translation>Untrainiert</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>±</source>
        <translation>±</translation>
    </message>
    <message>
        <source>SQNR, dB</source>
        <translation>SQNR, dB</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>Rechnen</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
</context>
<context>
    <name>ui::WhatIfs</name>
    <message>
        <source>What if: %1</source>
        <translation>Was wäre wenn: %1</translation>
    </message>
</context>
</TS>
