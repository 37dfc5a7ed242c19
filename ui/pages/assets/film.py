"""A film with its controls. Imported when the first film is played: QtMultimedia costs time and memory."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoFrame, QVideoSink
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from ui.pages.assets.words import length
from ui.theme import Icon, Role, Type, draw_panel, tokens_of
from ui.widgets import IconButton, Label

_STEP_MS = 1_000
_MS = 1_000


class _Screen(QWidget):
    """Paints the frame that is due; the poster until there is one, so that nothing flashes."""

    pressed = Signal()

    def __init__(self, poster: QImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._poster = poster
        self._frame = QVideoFrame()
        self.setAccessibleName("Film")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_frame(self, frame: QVideoFrame) -> None:
        """Show ``frame`` from now on; an empty one, which ends a film, leaves the last in place."""
        if frame.isValid():
            self._frame = frame
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        size = self._frame.size() if self._frame.isValid() else self._poster.size()
        fitted = QSize(size).scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF((self.width() - fitted.width()) / 2, (self.height() - fitted.height()) / 2, *fitted.toTuple())
        if self._frame.isValid():
            # The painted frame leaves room of its own colour around it, so it is asked to fill exactly its place.
            self._frame.paint(painter, place, QVideoFrame.PaintOptions())
        elif not self._poster.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._poster)
        else:
            draw_panel(painter, self.rect(), fill=tokens_of(self.palette()).skeleton)


class Film(QWidget):
    """Plays one file: Space pauses, arrows move by a second."""

    failed = Signal(str)
    """A sentence: the film cannot be played here."""

    def __init__(self, path: Path, poster: QImage, parent: QWidget | None = None, *, margin: int = 0) -> None:
        super().__init__(parent)
        self._screen = _Screen(poster, self)
        self._screen.pressed.connect(self.toggle)
        self._toggle = IconButton(Icon.PAUSE, "Pause")
        self._toggle.clicked.connect(self.toggle)
        self._mute = IconButton(Icon.SOUND, "Mute")
        self._mute.clicked.connect(self._on_mute)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName("Place in the film")
        self._slider.setSingleStep(_STEP_MS)
        self._slider.setPageStep(5 * _STEP_MS)
        # A drag, a click beside the handle and a key all act; only what the player itself reports does not.
        self._slider.actionTriggered.connect(self._on_slid)
        self._time = Label("0:00", use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        controls = QHBoxLayout()
        controls.setContentsMargins(0, 4, 0, 0)
        controls.setSpacing(4)
        for widget, stretch in ((self._toggle, 0), (self._slider, 1), (self._time, 0), (self._mute, 0)):
            controls.addWidget(widget, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(margin, margin, margin, margin // 2)
        column.setSpacing(0)
        column.addWidget(self._screen, 1)
        column.addLayout(controls)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Film")
        self._sink = QVideoSink(self)
        self._sink.videoFrameChanged.connect(self._screen.show_frame)
        self._sound = QAudioOutput(self)
        self._player = QMediaPlayer(self)
        self._player.setVideoSink(self._sink)
        self._player.setAudioOutput(self._sound)
        self._player.playbackStateChanged.connect(self._on_state)
        self._player.positionChanged.connect(self._on_position)
        self._player.durationChanged.connect(self._on_duration)
        self._player.hasAudioChanged.connect(self._mute.setVisible)
        self._player.errorOccurred.connect(self._on_error)
        self._mute.hide()
        self._player.setSource(QUrl.fromLocalFile(str(path)))

    @property
    def is_playing(self) -> bool:
        """Whether it moves."""
        return self._player.playbackState() is QMediaPlayer.PlaybackState.PlayingState

    @property
    def position_s(self) -> float:
        """How far it is."""
        return self._player.position() / _MS

    def play(self) -> None:
        """Go on, or begin again at the end."""
        self._player.play()

    def toggle(self) -> None:
        """Pause or go on."""
        if self.is_playing:
            self._player.pause()
        else:
            self._player.play()

    def stop(self) -> None:
        """End it and let go of the file."""
        self._player.stop()
        self._player.setSource(QUrl())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -_STEP_MS, Qt.Key.Key_Right: _STEP_MS}.get(Qt.Key(event.key()))
        if step is not None:
            self._player.setPosition(min(self._player.duration(), max(0, self._player.position() + step)))
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_K, Qt.Key.Key_Return):
            self.toggle()
        else:
            super().keyPressEvent(event)

    def _on_slid(self) -> None:
        self._player.setPosition(self._slider.sliderPosition())

    def _on_mute(self) -> None:
        muted = not self._sound.isMuted()
        self._sound.setMuted(muted)
        self._mute.set_icon(Icon.MUTE if muted else Icon.SOUND)

    def _on_state(self) -> None:
        self._toggle.set_icon(Icon.PAUSE if self.is_playing else Icon.RESUME)
        words = "Pause" if self.is_playing else "Play"
        self._toggle.setAccessibleName(words)
        self._toggle.setToolTip(words)

    def _on_position(self, position: int) -> None:
        if not self._slider.isSliderDown():
            self._slider.setValue(position)
        self._time.setText(f"{length(position / _MS)} / {length(self._player.duration() / _MS)}")

    def _on_duration(self, duration: int) -> None:
        self._slider.setRange(0, duration)

    def _on_error(self, _error: QMediaPlayer.Error, words: str) -> None:
        self.failed.emit(f"The film cannot be played here: {words}" if words else "The film cannot be played here.")
