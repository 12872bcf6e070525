namespace MediatR;

/// <summary>Marks a request of either kind.</summary>
public interface IBaseRequest;

/// <summary>Marks a request without an answer.</summary>
public interface IRequest : IBaseRequest;

/// <summary>Marks a request answered by a <typeparamref name="TResponse"/>.</summary>
public interface IRequest<out TResponse> : IBaseRequest;

/// <summary>Marks a request answered by a stream of <typeparamref name="TResponse"/>.</summary>
public interface IStreamRequest<out TResponse>;

/// <summary>Marks a notification.</summary>
public interface INotification;

/// <summary>The answer that says nothing; stands for <c>void</c> where a type argument is needed.</summary>
public readonly struct Unit : IEquatable<Unit>, IComparable<Unit>, IComparable
{
    private static readonly Unit _value;

    /// <summary>The only value.</summary>
    public static ref readonly Unit Value => ref _value;

    /// <summary>A finished task of the only value.</summary>
    public static Task<Unit> Task { get; } = System.Threading.Tasks.Task.FromResult(_value);

    /// <inheritdoc/>
    public int CompareTo(Unit other) => 0;

    int IComparable.CompareTo(object? obj) => 0;

    /// <inheritdoc/>
    public bool Equals(Unit other) => true;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Unit;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <inheritdoc/>
    public override string ToString() => "()";

    /// <summary>Always true.</summary>
    public static bool operator ==(Unit first, Unit second) => true;

    /// <summary>Always false.</summary>
    public static bool operator !=(Unit first, Unit second) => false;
}
