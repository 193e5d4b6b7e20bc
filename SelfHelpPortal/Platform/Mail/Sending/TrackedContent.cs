namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>
/// Read-only content that notes when its first and when its last byte was read. As the last MIME part it tells how far a conversation
/// got, which the exceptions of System.Net.Mail do not: never read means nothing was handed over, read to its end without a status
/// means that nobody knows.
/// </summary>
internal sealed class TrackedContent(byte[] content) : Stream
{
    private readonly MemoryStream _content = new(content, writable: false);

    public bool Started { get; private set; }
    public bool Finished { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => _content.Length;

    public override long Position
    {
        get => _content.Position;
        set => _content.Position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        Started = true;
        var count = _content.Read(buffer);
        Finished |= _content.Position == _content.Length;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override long Seek(long offset, SeekOrigin origin) => _content.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
