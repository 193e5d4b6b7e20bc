namespace SelfHelpPortal.Data;

internal enum ActorKind
{
    /// <summary>Somebody who holds a key, a code or a link.</summary>
    Customer,

    /// <summary>The licensed software.</summary>
    Device,
    Staff,

    /// <summary>Whoever runs the command line.</summary>
    Operator,

    /// <summary>A program of the vendor's, by its token.</summary>
    Api,

    /// <summary>The portal itself.</summary>
    System,
}

/// <summary>Who acts. Made at the edge from the request, and an argument from there on.</summary>
/// <param name="Id">The account, when somebody is signed in; or the token of a program.</param>
/// <param name="Name">What people read; kept apart from the event itself, so that erasure can blank it.</param>
/// <param name="IpPrefix">The network (IPv4 /24, IPv6 /48), never the full address.</param>
internal record Actor(ActorKind Kind, Guid? Id = null, string? Name = null, string? IpPrefix = null)
{
    public static readonly Actor System = new(ActorKind.System);
    public static readonly Actor Operator = new(ActorKind.Operator);
}
